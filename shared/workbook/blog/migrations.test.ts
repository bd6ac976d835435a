import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { blog, manage, migrateBlog, migrationsFor } from '#stage/10-blog-app'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { type Dialect, postgres, sqlite } from '../../driver/dialect.ts'
import { type OwnPostgres, startOwnPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'
import { type BlogProcess, startBlog } from './blog-process.ts'

// The tables of the blog come from its migrations, which are applied when it starts.

let server: OwnPostgres
beforeAll(async () => {
  server = await startOwnPostgres()
}, 120_000)
afterAll(() => server?.stop())

let count = 0

/** An empty PostgreSQL database. */
async function emptyPostgres(): Promise<string> {
  const name = `blog_migrations_${count++}`
  await using database = openPostgres(server.url)
  await database.run(`CREATE DATABASE ${name}`)
  return Object.assign(new URL(server.url), { pathname: `/${name}` }).href
}

const databases: [name: string, open: () => Promise<AsyncDatabase>][] = [
  ['SQLite', async () => openSqliteAsync()],
  ['PostgreSQL', async () => openPostgres(await emptyPostgres())],
]

/** The tool on the blog: what it printed, and its exit code. */
async function run(database: AsyncDatabase, ...argv: string[]) {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const folder = migrationsFor(database.dialect)
  const project = { database, registry: blog.registry, folder, print, warn: print, ask: undefined }
  return { code: await manage(argv, project), output: lines.join('\n') }
}

const files = (dialect: Dialect) => readdirSync(migrationsFor(dialect)).sort()

describe('the migrations of the blog', () => {
  it('have the same names for both databases', () => {
    expect(files(sqlite)).toEqual(files(postgres))
    expect(files(sqlite).length).toBeGreaterThan(0)
  })

  describe.each(databases)('on %s', (_, open) => {
    it('make the tables that the models ask for, and nothing else', async () => {
      await using database = await open()
      await migrateBlog(database)

      const { code, output } = await run(database, 'check')

      expect(output).toBe('Models, files and database agree.')
      expect(code).toBe(0)
    })

    it('lead back to an empty database, and up again', async () => {
      await using database = await open()
      await migrateBlog(database)

      await run(database, 'rollback', '--all', '--allow-data-loss')
      const { output } = await run(database, 'inspect', '--json')
      await migrateBlog(database)

      expect(JSON.parse(output)).toEqual([])
      expect(await run(database, 'check')).toMatchObject({ code: 0 })
    })

    it('are named in the log when they are applied, and not when the database has them', async () => {
      await using database = await open()
      const logged: unknown[] = []
      const logger = { info: (...line: unknown[]) => void logged.push(line) }

      await migrateBlog(database, logger as never)
      const names = files(sqlite).map((file) => file.replace('.sql', ''))
      expect(logged).toEqual(names.map((migration) => [{ migration }, 'migrated']))
      logged.length = 0
      await migrateBlog(database, logger as never)
      expect(logged).toEqual([['the database has all migrations']])
    })
  })
})

describe('blogs that start', { timeout: 120_000 }, () => {
  const started: BlogProcess[] = []
  afterEach(async () => {
    for (const one of started.splice(0)) await one.kill()
  })

  const start = async (env: NodeJS.ProcessEnv) => {
    const one = await startBlog({ LOG_LEVEL: 'info', ...env })
    started.push(one)
    return one
  }

  /** Four at once, all of them up, and every migration applied by one of them. */
  async function startFour(env: NodeJS.ProcessEnv): Promise<void> {
    const four = await Promise.all([1, 2, 3, 4].map(() => start(env)))

    const answers = await Promise.all(four.map(({ url }) => fetch(`${url}/posts/`)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const applied = four.flatMap(({ output }) => [
      ...output().matchAll(/"migration":"(\w+)","msg":"migrated"/g),
    ])
    expect(applied.map(([, name]) => `${name}.sql`).sort()).toEqual(files(sqlite))
  }

  it('four at once on an empty PostgreSQL', async () => {
    await startFour({ DATABASE_URL: await emptyPostgres() })
  })

  it('four at once on one SQLite file that is not there yet', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blog-migrations-'))
    try {
      await startFour({ DATABASE_FILE: join(folder, 'blog.db') })
    } finally {
      for (const one of started.splice(0)) await one.kill()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  })

  it('on a database whose history is another one: it says so, and ends', async () => {
    const url = await emptyPostgres()
    await using database = openPostgres(url)
    await migrateBlog(database)
    await database.run("UPDATE schema_versions SET checksum = 'another' WHERE name LIKE '0002%'")

    const refused = await start({ DATABASE_URL: url }).catch((error: Error) => error.message)

    expect(refused).toContain('0002_create_articles_tags_and_comments')
    expect(refused).not.toContain('    at ')
  })
})
