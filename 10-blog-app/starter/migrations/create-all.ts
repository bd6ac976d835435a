import type { AsyncConnection, AsyncDatabase } from '#shared/driver/async-driver'
import { registry as commonRegistry, type Registry } from '../mapping/registry.ts'
import { diff } from './diff.ts'
import { inspect } from './inspect.ts'
import { runStatements } from './run-statements.ts'
import { type Schema, type TableSchema, tableNamed } from './schema.ts'
import { schemaOf } from './schema-of.ts'
import { statements } from './statements.ts'

/**
 * Creates the tables of the models that are not there yet. For tests and for a first look; what is there already is
 * changed by migrations alone.
 *
 * @example
 * await createAll(database)
 * // CREATE TABLE users (…)
 * // CREATE TABLE posts (…)
 *
 * @throws {DatabaseError} when the database refuses a table
 */
export async function createAll(
  database: AsyncDatabase,
  registry: Registry = commonRegistry,
): Promise<void> {
  await using connection = await database.connect()
  const there = await inspect(connection)
  const missing = tablesOf(registry, connection).filter(({ name }) => !tableNamed(there, name))
  await change(connection, there, [...there.tables, ...missing])
}

/**
 * Drops the tables of the models **with all their rows**.
 *
 * @example
 * await dropAll(database)
 * // DROP TABLE posts
 * // DROP TABLE users
 *
 * @throws {DatabaseError} when other tables point to them
 */
export async function dropAll(
  database: AsyncDatabase,
  registry: Registry = commonRegistry,
): Promise<void> {
  await using connection = await database.connect()
  const there = await inspect(connection)
  const ours = new Set(tablesOf(registry, connection).map(({ name }) => name))
  await change(
    connection,
    there,
    there.tables.filter(({ name }) => !ours.has(name)),
  )
}

const tablesOf = (registry: Registry, { dialect }: AsyncConnection) =>
  schemaOf(registry, dialect).tables

async function change(
  connection: AsyncConnection,
  there: Schema,
  tables: readonly TableSchema[],
): Promise<void> {
  const operations = diff(there, { ...there, tables })
  await runStatements(connection, statements(operations, there, connection.dialect))
}
