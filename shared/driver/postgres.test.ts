import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { blogSchema } from '../blog/schema.ts'
import { postgres } from './dialect.ts'
import { type PostgresServer, startPostgres } from './embedded-postgres.ts'

let server: PostgresServer
let client: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
}, 120_000)

afterAll(async () => {
  vi.unstubAllEnvs()
  await client?.end()
  await server?.stop()
})

describe('an embedded PostgreSQL', () => {
  it('answers', async () => {
    const { rows } = await client.query('SELECT 1 + 1 AS two')

    expect(rows).toEqual([{ two: 2 }])
  })

  it('takes every keyword as the name of a table and a column, as the dialect writes it', async () => {
    const { rows } = await client.query<{ word: string }>('SELECT word FROM pg_get_keywords()')
    expect(rows.length).toBeGreaterThan(400)

    for (const { word } of rows) {
      const name = postgres.quoteIdentifier(word)
      await client.query(`CREATE TEMP TABLE ${name} (${name} INTEGER)`)
      await client.query(`SELECT ${name} FROM ${name} WHERE ${name} = 1 ORDER BY ${name}`)
      await client.query(`DROP TABLE ${name}`)
    }
  })

  it('takes the schema of the blog', async () => {
    await client.query('CREATE SCHEMA blog; SET search_path TO blog')
    await client.query(blogSchema(postgres))

    const { rows } = await client.query(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'blog'`,
    )
    await client.query('DROP SCHEMA blog CASCADE; SET search_path TO public')

    expect(rows.map((row) => row.table_name).sort()).toEqual([
      'comments',
      'posts',
      'posts_tags',
      'profiles',
      'tags',
      'users',
    ])
  })

  it('leaves nothing behind', async () => {
    vi.stubEnv('DATABASE_URL', '')
    const others = await folders(process.pid)
    const own = await startPostgres()
    const port = Number(new URL(own.url).port)
    expect(await folders(process.pid)).toHaveLength(others.length + 1)

    await own.stop()

    expect(await folders(process.pid)).toEqual(others)
    await expect(new pg.Client({ port, host: '127.0.0.1' }).connect()).rejects.toThrow(
      'ECONNREFUSED',
    )
  }, 120_000)

  it('removes what a process left behind that was killed', async () => {
    vi.stubEnv('DATABASE_URL', '')
    const child = fork(fileURLToPath(new URL('embedded-postgres.fixture.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
    })
    const [postmaster] = (await once(child, 'message')) as [number]
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await folders(child.pid)).toHaveLength(1)

    await (await startPostgres()).stop()

    expect(await folders(child.pid)).toEqual([])
    process.kill(postmaster) // it would see by itself that its files are gone, but only within a minute
  }, 120_000)
})

/** The folders of the servers that a process has started. */
async function folders(pid: number | undefined): Promise<string[]> {
  const names = await readdir(tmpdir())
  return names.filter((name) => name.startsWith(`orm-workbook-postgres-${pid}-`)).sort()
}
