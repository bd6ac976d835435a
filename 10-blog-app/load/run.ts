/** Load on the finished blog; --help says how. */

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '#shared/driver/embedded-postgres'
import { openPostgres } from '#shared/driver/postgres'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { createTokens, migrateBlog } from '#stage/10-blog-app'
import { fill, userCount } from './fill.ts'
import { type LoadOptions, type Measured, measure } from './measure.ts'
import { reportOf, wrongWith } from './report.ts'
import { compareAnswers } from './same.ts'
import { type Kind, startServer } from './server-process.ts'

const usage = `node --import tsx --conditions=solution 10-blog-app/load/run.ts [--sqlite] [--postgres] [--seconds 60] [--connections 100]

Starts the finished blog in a process of its own, fills it (${userCount} users, 2,000 articles), and fires requests at it:
four readings to one writing. Tells requests per second, how long answers take, and whether memory grows.

  --sqlite           only on a file of SQLite
  --postgres         only on PostgreSQL, and there beside the same answers written by hand on pg: in as few
                     statements as it takes (joined), and in the statements that the blog sends (step by step).
                     DATABASE_URL names the server; without it one is started. A database of its own is made in it.
  --seconds N        how long each server is asked: 60
  --connections N    how many ask at once: 100
  --warm-up N        seconds before the measured ones: 10

Ends with 1 when an answer was not 2xx, when one never came, or when memory has grown.`

const { values } = parseArgs({
  options: {
    sqlite: { type: 'boolean', default: false },
    postgres: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '100' },
    'warm-up': { type: 'string', default: '10' },
    help: { type: 'boolean', default: false, short: 'h' },
  },
})

async function main(): Promise<number> {
  const secret = randomBytes(32).toString('hex')
  const options = await readOptions(secret)
  const both = values.sqlite === values.postgres
  const measured = [
    ...(values.sqlite || both ? await onSqlite(secret, options) : []),
    ...(values.postgres || both ? await onPostgres(secret, options) : []),
  ]
  console.log(reportOf(measured, options))
  const wrong = measured.flatMap(wrongWith)
  for (const line of wrong) console.error(line)
  return wrong.length > 0 ? 1 : 0
}

async function readOptions(secret: string): Promise<LoadOptions> {
  const { sign } = createTokens(secret)
  // A token says only who it is for, and users 1 to 100 will be there.
  const ids = Array.from({ length: userCount }, (_, index) => index + 1)
  return {
    seconds: Number(values.seconds),
    connections: Number(values.connections),
    warmUp: Number(values['warm-up']),
    tokens: await Promise.all(ids.map((id) => sign({ id } as Parameters<typeof sign>[0]))),
  }
}

async function onSqlite(secret: string, options: LoadOptions): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'blog-load-'))
  try {
    const file = join(folder, 'blog.db')
    await using database = openSqliteAsync(file)
    await migrateBlog(database)
    await fill(database)
    return [await measureServer('SQLite, the blog', 'blog', file, secret, options)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const names = {
  joined: 'PostgreSQL, pg by hand, joined',
  steps: 'PostgreSQL, pg by hand, step by step',
  blog: 'PostgreSQL, the blog',
} as const

async function onPostgres(secret: string, options: LoadOptions): Promise<Measured[]> {
  const server = await startPostgres()
  try {
    await compare(server.url, secret, options)
    const measured: Measured[] = []
    for (const kind of ['joined', 'steps', 'blog'] as const) {
      await using own = await ownDatabase(server.url)
      measured.push(await measureServer(names[kind], kind, own.url, secret, options))
    }
    return measured
  } finally {
    await server.stop()
  }
}

/** A filled database of its own, gone afterwards: each server finds the same. */
async function ownDatabase(server: string): Promise<{ url: string } & AsyncDisposable> {
  const name = `blog_load_${randomBytes(4).toString('hex')}`
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const run = async (sql: string) => {
    await using database = openPostgres(server, { max: 1 })
    await database.run(sql)
  }
  await run(`CREATE DATABASE ${name}`)
  await using database = openPostgres(url, { max: 2 })
  await migrateBlog(database)
  await fill(database)
  await database.run('ANALYZE')
  return { url, [Symbol.asyncDispose]: () => run(`DROP DATABASE ${name} WITH (FORCE)`) }
}

/** What is compared must do the same: each server answers each kind of request, and the answers must be equal. */
async function compare(server: string, secret: string, { tokens }: LoadOptions): Promise<void> {
  await using own = await ownDatabase(server)
  const blog = await startServer('blog', own.url, secret)
  for (const kind of ['joined', 'steps'] as const) {
    const other = await startServer(kind, own.url, secret)
    const kinds = await compareAnswers(asking(blog.url), asking(other.url), tokens[0]!)
    console.error(`${names[kind]}, answers as the blog does: ${kinds.join(', ')}.`)
    await other.stop()
  }
  await blog.stop()
}

const asking = (url: string) => (request: Request) => {
  const { pathname, search } = new URL(request.url)
  return fetch(new URL(pathname + search, url), request)
}

async function measureServer(
  name: string,
  kind: Kind,
  where: string,
  secret: string,
  options: LoadOptions,
): Promise<Measured> {
  console.error(`${name}: ${options.warmUp} + ${options.seconds} s …`)
  const server = await startServer(kind, where, secret)
  try {
    return await measure(name, server, options)
  } finally {
    await server.stop()
  }
}

if (values.help) console.log(usage)
else process.exitCode = await main()
