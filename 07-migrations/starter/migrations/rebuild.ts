import { sqlite } from '#shared/driver/dialect'
import { todo } from '#shared/todo'
import { columnList, createIndex, createTable } from './ddl.ts'
import { literal } from './literal.ts'
import type { Operation } from './operations.ts'
import { freeName } from './renames.ts'
import {
  type ColumnSchema,
  columnNamed,
  type Schema,
  type TableSchema,
  tableNamed,
} from './schema.ts'
import { MigrationError } from './tool-errors.ts'

/** A table that cannot be built again from what a schema says of it. */
export class RebuildError extends MigrationError {
  override readonly name = 'RebuildError'

  constructor(table: string, extras: readonly string[]) {
    super(
      `Cannot rebuild the table "${table}": it has ${extras.join(', ')}, which would be lost. ` +
        'This usually happens when a table was written by hand: models cannot say everything that SQL can. ' +
        'Make a migration of its own for a rename; write any other by hand, in the steps of https://www.sqlite.org/lang_altertable.html#otheralter.',
    )
  }
}

const quote = sqlite.quoteIdentifier

/**
 * The statements that give a table another form where ALTER TABLE cannot: make a new one, move the rows, take its place.
 *
 * @example
 * rebuild('users', operations, before, after)
 * // CREATE TABLE new_users (…)
 * // INSERT INTO new_users (id, name) SELECT id, name FROM users
 * // DROP TABLE users
 * // ALTER TABLE new_users RENAME TO users
 * // CREATE INDEX ix_users_name ON users (name)
 *
 * @throws {RebuildError} when the table has more than a schema can say
 * @see https://www.sqlite.org/lang_altertable.html#otheralter
 */
export function rebuild(
  name: string,
  operations: readonly Operation[],
  before: Schema,
  after: Schema,
): string[] {
  const old = tableNamed(before, name)!
  const wanted = tableNamed(after, name)!
  if (old.extras?.length) throw new RebuildError(name, old.extras)
  const made = { ...wanted, name: freeName(`new_${name}`, namesIn(before, after)) }
  // TODO(5): create `made`, move the rows, keep the counter (`keepCounter`), drop the old table, give `made` its name; then
  // what DROP TABLE has taken along: the indexes of `wanted`, and the triggers of `old`.
  return todo('Task 5: rebuild a table')
}

const namesIn = (...schemas: readonly Schema[]) =>
  new Set(schemas.flatMap(({ tables }) => tables.map((table) => table.name)))

/** What the old table does not have and nobody gives gets its default. */
function moveRows(old: TableSchema, made: TableSchema, operations: readonly Operation[]): string {
  // TODO(5): INSERT INTO … (columns) SELECT sources FROM …: a column for which there is no source stands in neither
  // list. When both lists are empty, `rowNumber` stands in them: the rows are there all the same.
  return todo('Task 5: rebuild a table')
}

/** What every row has, also one of which no column stays. */
const rowNumber = { name: 'rowid', source: 'rowid' }

/** Where the value of a column comes from: the old column, the backfill, or both. */
function sourceOf(
  column: ColumnSchema,
  old: TableSchema,
  operations: readonly Operation[],
): string | undefined {
  // TODO(5): `backfillOf(old.name, column.name, operations)` for a column that the old table does not have; for one that it
  // has its name, with COALESCE where there is a backfill as well.
  return todo('Task 5: rebuild a table')
}

function backfillOf(table: string, name: string, operations: readonly Operation[]) {
  for (const one of operations) {
    if (one.kind === 'add column' && one.table === table && one.column.name === name)
      return one.backfill
    if (one.kind === 'alter column' && one.table === table && one.to.name === name)
      return one.to.isNullable ? undefined : one.backfill
  }
  return undefined
}

/** The counter of AUTOINCREMENT stands in a table of SQLite's own. Without it the id of a deleted row would be given again. */
function keepCounter(old: TableSchema, made: TableSchema): string[] {
  if (!isCounted(old) || !isCounted(made)) return []
  const [from, to] = [literal(old.name, sqlite), literal(made.name, sqlite)]
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${to}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${to}, seq FROM sqlite_sequence WHERE name = ${from}`,
  ]
}

const isCounted = ({ columns }: TableSchema) => columns.some(({ isGenerated }) => isGenerated)

/**
 * Puts statements between the PRAGMAs without which they would do harm.
 *
 * DROP TABLE deletes the rows first, and with foreign keys on that reaches the rows that point to them: ON DELETE CASCADE
 * empties the children. The PRAGMA does nothing inside a transaction, so whoever runs the statements sends it before BEGIN.
 *
 * RENAME TO looks through all views and triggers, and stops at one that reads the table which is away for a moment.
 * legacy_alter_table is how SQLite was before it looked.
 *
 * @see https://www.sqlite.org/pragma.html#pragma_foreign_keys
 */
export function withoutForeignKeys(statements: readonly string[], isRebuild: boolean): string[] {
  // TODO(5): around the statements: foreign_keys OFF and ON, foreign_key_check while there is a way back, and for a rebuild
  // legacy_alter_table ON and OFF.
  return todo('Task 5: rebuild a table')
}
