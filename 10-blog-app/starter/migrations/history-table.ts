import type { AsyncConnection } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import { timestamp } from '../mapping/column-types.ts'
import { beginAlone, type Waiting } from './lock.ts'
import type { Migration } from './migration-file.ts'
import { endAfter } from './transaction.ts'

/** A migration that was applied, as the database remembers it. */
export interface Applied {
  readonly name: string
  readonly checksum: string
  /** Undefined when it began without a transaction and never ended. */
  readonly appliedAt: Date | undefined
}

/** Where a database remembers which migrations it has. */
export const historyTable = 'schema_versions'

/**
 * Creates the table of the history where it is not there yet.
 *
 * @example
 * await prepareHistory(connection)
 * // CREATE TABLE IF NOT EXISTS schema_versions (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT)
 *
 * @throws {LockTimeoutError} when another process migrates for too long
 */
export async function prepareHistory(
  connection: AsyncConnection,
  waiting: Waiting = { seconds: 60 },
): Promise<void> {
  if (await hasHistory(connection)) return
  const time = timestamp.sql[connection.dialect.name]
  const columns = `name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at ${time}`
  await beginAlone(connection, waiting)
  await endAfter(connection, () =>
    connection.run(`CREATE TABLE IF NOT EXISTS ${historyTable} (${columns})`),
  )
}

/**
 * What was applied, by name. A database without the table has no history.
 *
 * @example
 * await readHistory(connection) // [{ name: '0001_create_users', checksum: '9f86…', appliedAt: 2026-05-01T09:00:00.000Z }]
 * // SELECT name, checksum, applied_at FROM schema_versions ORDER BY name
 */
export async function readHistory(connection: AsyncConnection): Promise<Applied[]> {
  if (!(await hasHistory(connection))) return []
  const sql = `SELECT name, checksum, applied_at FROM ${historyTable} ORDER BY name`
  const rows = await connection.values(sql)
  return rows.map(([name, checksum, appliedAt]) => ({
    name: String(name),
    checksum: String(checksum),
    appliedAt: readTime(appliedAt!),
  }))
}

/** Notes that a migration was applied; without a time, that it has begun. */
export async function remember(
  connection: AsyncConnection,
  { name, checksum }: Migration,
  at: Date | undefined,
): Promise<void> {
  const marks = [1, 2, 3].map((position) => connection.dialect.placeholder(position)).join(', ')
  const sql = `INSERT INTO ${historyTable} (name, checksum, applied_at) VALUES (${marks})`
  await connection.run(sql, [name, checksum, writeTime(connection, at)])
}

/** Changes when a migration was applied; without a time it is under way. */
export async function setTime(
  connection: AsyncConnection,
  { name }: Migration,
  at: Date | undefined,
): Promise<void> {
  const [first, second] = [1, 2].map((position) => connection.dialect.placeholder(position))
  const sql = `UPDATE ${historyTable} SET applied_at = ${first} WHERE name = ${second}`
  await connection.run(sql, [writeTime(connection, at), name])
}

/** Notes that a migration is not applied. */
export async function forget(
  connection: AsyncConnection,
  { name }: Pick<Migration, 'name'>,
): Promise<void> {
  const mark = connection.dialect.placeholder(1)
  await connection.run(`DELETE FROM ${historyTable} WHERE name = ${mark}`, [name])
}

const hasHistory = async (connection: AsyncConnection) =>
  (await connection.get(find[connection.dialect.name], [historyTable])) !== undefined

const find = {
  sqlite: 'SELECT 1 AS found FROM sqlite_schema WHERE name = ?',
  postgres: 'SELECT 1 AS found FROM pg_class WHERE oid = to_regclass($1)',
}

const writeTime = ({ dialect }: AsyncConnection, at: Date | undefined) =>
  at ? timestamp.toDatabase(at, dialect) : null

const readTime = (value: Value) => (value === null ? undefined : timestamp.fromDatabase(value))
