import pg from 'pg'
import { postgresSeed } from './data.ts'

/** A database of one's own on the server, with the tables and their rows. */
export interface Room {
  readonly url: string
  /** Runs a statement of the benchmark's own, and cleans up behind it: rows that are gone would make every later scan longer. */
  run(sql: string): Promise<void>
  /** Drops the database, whoever still holds a connection to it. */
  close(): Promise<void>
}

export async function openRoom(server: string, name: string): Promise<Room> {
  const own = `orm_bench_${name}_${process.pid}`
  await once(server, `DROP DATABASE IF EXISTS ${own}`, `CREATE DATABASE ${own}`)
  const url = new URL(server)
  url.pathname = own
  const client = await clientOf(url.href)
  for (const statement of postgresSeed()) await client.query(statement)
  return {
    url: url.href,
    run: async (sql) => {
      await client.query(sql)
      await client.query('VACUUM authors')
    },
    close: async () => {
      await client.end()
      await once(server, `DROP DATABASE ${own} WITH (FORCE)`)
    },
  }
}

/** What the server calls itself. */
export async function versionOf(server: string): Promise<string> {
  const client = await clientOf(server)
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
  await client.end()
  return rows[0]?.server_version ?? ''
}

async function once(server: string, ...statements: readonly string[]) {
  const client = await clientOf(server)
  for (const statement of statements) await client.query(statement)
  await client.end()
}

async function clientOf(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}
