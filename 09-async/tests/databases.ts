import { blogSchema } from '#shared/blog/schema'
import { blogRows } from '#shared/blog/seed'
import type { AsyncConnection, AsyncDatabase, PoolOptions } from '#shared/driver/async-driver'
import { type RecordedDatabase, recordAsync } from '#shared/driver/async-recorder'
import { type Dialect, postgres, sqlite } from '#shared/driver/dialect'
import { type PostgresServer, startPostgres } from '#shared/driver/embedded-postgres'
import { openPostgres } from '#shared/driver/postgres'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { takingBack } from '#shared/driver/taking-back'

// Every test of the stage runs on both databases. The modules of each file are new, and the server is the same for all files.

const place = globalThis as { [server]?: Promise<PostgresServer> }
const server: unique symbol = Symbol.for('orm-workbook.postgres') as never

/** The tests have a schema of their own, so that a server that `DATABASE_URL` names keeps what it has. */
async function postgresUrl(): Promise<string> {
  place[server] ??= startPostgres()
  const url = new URL((await place[server]).url)
  // What a failed test has left open must not stop the next one for long.
  const options = { search_path: 'orm_workbook_09', idle_in_transaction_session_timeout: 2000 }
  const settings = Object.entries(options).map(([name, value]) => `-c ${name}=${value}`)
  url.searchParams.set('options', settings.join(' '))
  return url.href
}

const more = {
  sqlite: `
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents >= 0));
    CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT NOT NULL, worker TEXT);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, mark INTEGER NOT NULL DEFAULT (abs(random() % 1000)));`,
  postgres: `
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents >= 0));
    CREATE TABLE jobs (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL, worker TEXT);
    CREATE SEQUENCE marks;
    CREATE TABLE notes (id SERIAL PRIMARY KEY, text TEXT NOT NULL, mark INTEGER NOT NULL DEFAULT nextval('marks'));`,
}

export interface TestDatabase {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** The blog of Alice, Bob and Carol, two accounts, and no jobs or notes. Nothing is recorded yet. */
  readonly open: (options?: PoolOptions) => Promise<RecordedDatabase>
}

export const onSqlite: TestDatabase = {
  name: 'SQLite',
  open: (options) => prepare(openSqliteAsync(':memory:', options)),
}

export const onPostgres: TestDatabase = {
  name: 'PostgreSQL',
  open: async (options) => prepare(openPostgres(await postgresUrl(), options)),
}

export const databases: readonly TestDatabase[] = [onSqlite, onPostgres]

async function prepare(database: AsyncDatabase): Promise<RecordedDatabase> {
  const recorded = recordAsync(takingBack(database))
  await using connection = await recorded.connect()
  if (database.dialect.name === 'sqlite') await connection.exec(schemaOn(sqlite))
  else await preparePostgres(connection)
  await connection.exec(rowsOn(database.dialect))
  recorded.forget()
  return recorded
}

const schemaOn = (dialect: Dialect) => blogSchema(dialect) + more[dialect.name]

/** The tables are made once in a file, and emptied for each test. TRUNCATE would make new files of all of them. */
let isMade = false
async function preparePostgres(connection: AsyncConnection): Promise<void> {
  if (isMade) return connection.exec(tables.map((table) => `DELETE FROM ${table};`).join(''))
  await connection.exec(
    `DROP SCHEMA IF EXISTS orm_workbook_09 CASCADE; CREATE SCHEMA orm_workbook_09; ${schemaOn(postgres)}`,
  )
  isMade = true
}

/** Those that point to others first. */
const tables = [...Object.keys(blogRows).toReversed(), 'accounts', 'jobs', 'notes']

/** The next keys are those behind the rows. */
function countersOn(): string {
  const last = { ...blogRows, jobs: [], notes: [] }
  const counters = Object.entries(last).filter(([table]) => table !== 'posts_tags')
  const lines = counters.map(
    ([table, { length }]) =>
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'), ${length + 1}, false);`,
  )
  return [...lines, "SELECT setval('marks', 1, false);"].join('')
}

function rowsOn(dialect: Dialect): string {
  const literal = (value: string | number | boolean | null) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
  const lines = Object.entries(blogRows).map(([table, rows]) => {
    const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
    return `INSERT INTO ${table} VALUES ${values.join(', ')};`
  })
  const counters = dialect.name === 'postgres' ? countersOn() : ''
  return [...lines, 'INSERT INTO accounts VALUES (1, 1000), (2, 1000);', counters].join('\n')
}
