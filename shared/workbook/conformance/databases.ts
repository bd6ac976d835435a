import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AsyncDatabase, PoolOptions } from '../../driver/async-driver.ts'
import type { Row } from '../../driver/driver.ts'
import { startPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'
import type { Place } from './case.ts'
import { emptyOn, schemaOn } from './schema.ts'

/** A database with the tables of the cases, for an ORM and for somebody else beside it. */
export interface Ground {
  readonly name: Place['database']
  /** The file of SQLite, or the URL of PostgreSQL. */
  readonly address: string
  /** Another pool of connections to it, for the ORM of the workbook. */
  open(options?: PoolOptions): AsyncDatabase
  /** Sends SQL beside the ORM. */
  readonly sql: Place['sql']
  /** Empties the tables. */
  empty(): Promise<void>
  close(): Promise<void>
}

/** A new file in a folder of its own: two connections see the same rows. */
export async function sqliteGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'orm-workbook-edges-'))
  const address = join(folder, 'edges.db')
  const open = (options?: PoolOptions) => openSqliteAsync(address, options)
  const ground = await prepare(
    'sqlite',
    address,
    open,
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;',
  )
  const close = async () => {
    await ground.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { ...ground, close }
}

const schema = 'orm_workbook_edges'

/** A schema of its own on a server: one that `DATABASE_URL` names keeps what it has. */
export async function postgresGround(serverUrl?: string): Promise<Ground> {
  const server = serverUrl ? undefined : await startPostgres()
  const url = new URL(serverUrl ?? server!.url)
  // What a failed case has left open must not stop the next one for long.
  const settings = { search_path: schema, idle_in_transaction_session_timeout: 3000 }
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  url.searchParams.set('options', options.join(' '))
  const open = (more?: PoolOptions) => openPostgres(url.href, more)
  const fresh = `DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema};`
  const ground = await prepare('postgres', url.href, open, fresh)
  const close = async () => {
    await ground.sql(`DROP SCHEMA ${schema} CASCADE`)
    await ground.close()
    await server?.stop()
  }
  return { ...ground, close }
}

async function prepare(
  name: Place['database'],
  address: string,
  open: Ground['open'],
  before: string,
): Promise<Ground> {
  const beside = open({ max: 1 })
  const exec = async (script: string) => {
    await using connection = await beside.connect()
    await connection.exec(script)
  }
  await exec(before)
  await exec(schemaOn(name))
  return {
    name,
    address,
    open,
    sql: (text) => send(beside, text),
    empty: () => exec(emptyOn(name)),
    close: () => beside.close(),
  }
}

async function send(database: AsyncDatabase, text: string): Promise<Row[]> {
  await using connection = await database.connect()
  if (text.startsWith('SELECT')) return await connection.all(text)
  await connection.run(text)
  return []
}
