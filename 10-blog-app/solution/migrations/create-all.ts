import type { Connection } from '#shared/driver/driver'
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
 * createAll(connection)
 * // CREATE TABLE users (…)
 * // CREATE TABLE posts (…)
 *
 * @throws {DatabaseError} when the database refuses a table
 */
export function createAll(connection: Connection, registry: Registry = commonRegistry): void {
  const there = inspect(connection)
  const missing = tablesOf(registry, connection).filter(({ name }) => !tableNamed(there, name))
  change(connection, there, [...there.tables, ...missing])
}

/**
 * Drops the tables of the models **with all their rows**.
 *
 * @example
 * dropAll(connection)
 * // DROP TABLE posts
 * // DROP TABLE users
 *
 * @throws {DatabaseError} when other tables point to them
 */
export function dropAll(connection: Connection, registry: Registry = commonRegistry): void {
  const there = inspect(connection)
  const ours = new Set(tablesOf(registry, connection).map(({ name }) => name))
  change(
    connection,
    there,
    there.tables.filter(({ name }) => !ours.has(name)),
  )
}

const tablesOf = (registry: Registry, { dialect }: Connection) => schemaOf(registry, dialect).tables

function change(connection: Connection, there: Schema, tables: readonly TableSchema[]): void {
  const operations = diff(there, { ...there, tables })
  runStatements(connection, statements(operations, there, connection.dialect))
}
