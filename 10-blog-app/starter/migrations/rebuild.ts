import { sqlite } from '#shared/driver/dialect'
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
  return [
    createTable(made, sqlite),
    moveRows(old, made, operations),
    ...keepCounter(old, made),
    `DROP TABLE ${quote(name)}`,
    `ALTER TABLE ${quote(made.name)} RENAME TO ${quote(name)}`,
    ...wanted.indexes.map((index) => createIndex(wanted, index, sqlite)),
    ...(old.triggers ?? []),
  ]
}

const namesIn = (...schemas: readonly Schema[]) =>
  new Set(schemas.flatMap(({ tables }) => tables.map((table) => table.name)))

/** What the old table does not have and nobody gives gets its default. */
function moveRows(old: TableSchema, made: TableSchema, operations: readonly Operation[]): string {
  const filled = made.columns.flatMap((column) => {
    const source = sourceOf(column, old, operations)
    return source === undefined ? [] : [{ name: column.name, source }]
  })
  const moved = filled.length > 0 ? filled : [rowNumber]
  const columns = columnList(
    moved.map(({ name }) => name),
    sqlite,
  )
  const sources = moved.map(({ source }) => source).join(', ')
  return `INSERT INTO ${quote(made.name)} (${columns}) SELECT ${sources} FROM ${quote(old.name)}`
}

/** What every row has, also one of which no column stays. */
const rowNumber = { name: 'rowid', source: 'rowid' }

/** Where the value of a column comes from: the old column, the backfill, or both. */
function sourceOf(
  { name }: ColumnSchema,
  old: TableSchema,
  operations: readonly Operation[],
): string | undefined {
  const backfill = backfillOf(old.name, name, operations)
  if (!columnNamed(old, name)) return backfill
  return backfill === undefined ? quote(name) : `COALESCE(${quote(name)}, ${backfill})`
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
export const withoutForeignKeys = (statements: readonly string[], isRebuild: boolean): string[] => [
  'PRAGMA foreign_keys = OFF',
  ...(isRebuild ? ['PRAGMA legacy_alter_table = ON'] : []),
  ...statements,
  ...(isRebuild ? ['PRAGMA legacy_alter_table = OFF'] : []),
  'PRAGMA foreign_key_check',
  'PRAGMA foreign_keys = ON',
]
