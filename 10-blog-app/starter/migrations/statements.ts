import type { Dialect } from '#shared/driver/dialect'
import type { Operation } from './operations.ts'
import type { Schema } from './schema.ts'
import { postgresStatements } from './statements-postgres.ts'
import { sqliteStatements } from './statements-sqlite.ts'

/**
 * The SQL of these operations. No database is asked.
 * The way back is `statements(reverse(operations), schemaAfter(before, operations), dialect)`.
 *
 * @param before the schema to which the operations are applied
 *
 * @example
 * statements([{ kind: 'add column', table: 'users', column: email }], before, sqlite)
 * // ['ALTER TABLE users ADD COLUMN email VARCHAR(255)']
 *
 * @throws {RebuildError} when SQLite would have to rebuild a table that has more than a schema can say
 */
export const statements = (
  operations: readonly Operation[],
  before: Schema,
  dialect: Dialect,
): string[] =>
  dialect.name === 'sqlite'
    ? sqliteStatements(operations, before)
    : postgresStatements(operations, before)
