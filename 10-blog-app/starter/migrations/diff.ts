import { meaningOfColumn, meaningOfConstraint, meaningOfIndex } from './normalise.ts'
import {
  type AddColumn,
  type AlterColumn,
  type ColumnChange,
  columnOf,
  type DropColumn,
  type Operation,
} from './operations.ts'
import { renameOperations } from './renames.ts'
import { columnNamed, type Schema, type TableSchema, tableNamed } from './schema.ts'
import { schemaAfter } from './schema-after.ts'
import { untangled } from './untangle.ts'

export interface DiffOptions {
  /** What was renamed: `users:people` a table, `users.name:full_name` a column. Without it a rename is a drop and an add. */
  readonly renames?: readonly string[]
  /** SQL for the rows that have no value yet, by column: `{ 'users.email': "''" }`. */
  readonly backfills?: Readonly<Record<string, string>>
}

/**
 * The operations that lead from one schema to another, in an order in which the database takes them. No database is asked.
 *
 * @example
 * diff(inspect(connection), schemaOf(registry, connection.dialect))
 * // [{ kind: 'add column', table: 'users', column: { name: 'email', … } }]
 *
 * @throws {RenameError} when one of the renames does not fit the schemas
 * @throws {TypeError} when the schemas are of different databases
 */
export function diff(from: Schema, to: Schema, options: DiffOptions = {}): Operation[] {
  if (from.dialect !== to.dialect) throw new TypeError(otherDialect(from, to))
  const renames = renameOperations(from, to, options.renames ?? [])
  const renamed = schemaAfter(from, renames)
  const changes = to.tables.flatMap((table) => {
    const before = tableNamed(renamed, table.name)
    return before ? changesOf(before, table, options) : []
  })
  const operations = untangled(renamed, to, {
    dropped: onlyIn(renamed.tables, to.tables, nameOf),
    created: onlyIn(to.tables, renamed.tables, nameOf),
    changes,
  })
  return [...renames, ...operations.sort((one, other) => placeOf(one) - placeOf(other))]
}

/**
 * When an operation has its turn: whatever refers to something goes before it, and comes after it.
 * Operations with the same place keep their order.
 */
function placeOf(operation: Operation): number {
  const isForeignKey = 'constraint' in operation && operation.constraint.kind === 'foreign key'
  return turns.indexOf(isForeignKey ? `${operation.kind}: foreign key` : operation.kind)
}

const turns: readonly string[] = [
  'drop constraint: foreign key',
  'drop index',
  'drop constraint',
  'drop table',
  'create table',
  'add column',
  'alter column',
  'drop column',
  'add constraint',
  'create index',
  'add constraint: foreign key',
]

/** What happens to a table that stands on both sides. */
export const changesOf = (
  before: TableSchema,
  after: TableSchema,
  options: DiffOptions,
): Operation[] => [
  ...columnChanges(before, after, options),
  ...constraintChanges(before, after),
  ...indexChanges(before, after),
]

/** Each with what the rows get: those of a dropped column when it is brought back. */
function columnChanges(
  before: TableSchema,
  after: TableSchema,
  { backfills = {} }: DiffOptions,
): Operation[] {
  const changes: ColumnChange[] = [
    ...addedColumns(before, after),
    ...alteredColumns(before, after),
    ...droppedColumns(before, after),
  ]
  return changes.map((change) => ({ ...change, backfill: backfills[columnOf(change)] }))
}

function addedColumns(before: TableSchema, after: TableSchema): AddColumn[] {
  const added = onlyIn(after.columns, before.columns, nameOf)
  return added.map((column) => ({ kind: 'add column', table: after.name, column }))
}

/** A column with a name of before is the same column, whatever else has changed. */
function alteredColumns(before: TableSchema, after: TableSchema): AlterColumn[] {
  return onlyIn(after.columns, before.columns, meaningOfColumn).flatMap((to) => {
    const from = columnNamed(before, to.name)
    return from ? { kind: 'alter column' as const, table: after.name, from, to } : []
  })
}

function droppedColumns(before: TableSchema, after: TableSchema): DropColumn[] {
  const dropped = onlyIn(before.columns, after.columns, nameOf)
  return dropped.map((column) => ({ kind: 'drop column', table: after.name, column }))
}

/** Constraints are compared by what they mean. One that means something else now is another one. */
function constraintChanges(before: TableSchema, after: TableSchema): Operation[] {
  const table = after.name
  const dropped = onlyIn(before.constraints, after.constraints, meaningOfConstraint)
  const added = onlyIn(after.constraints, before.constraints, meaningOfConstraint)
  return [
    ...dropped.map((constraint): Operation => ({ kind: 'drop constraint', table, constraint })),
    ...added.map((constraint): Operation => ({ kind: 'add constraint', table, constraint })),
  ]
}

function indexChanges(before: TableSchema, after: TableSchema): Operation[] {
  const table = after.name
  const dropped = onlyIn(before.indexes, after.indexes, meaningOfIndex)
  const created = onlyIn(after.indexes, before.indexes, meaningOfIndex)
  return [
    ...dropped.map((index): Operation => ({ kind: 'drop index', table, index })),
    ...created.map((index): Operation => ({ kind: 'create index', table, index })),
  ]
}

/** What stands in one list and not in the other, judged by a key. */
function onlyIn<T>(these: readonly T[], those: readonly T[], keyOf: (one: T) => string): T[] {
  const keys = new Set(those.map(keyOf))
  return these.filter((one) => !keys.has(keyOf(one)))
}

const nameOf = ({ name }: { readonly name: string }) => name

const otherDialect = (from: Schema, to: Schema) =>
  `A schema for ${from.dialect} cannot be compared with one for ${to.dialect}: they spell their types differently. ` +
  'This usually happens when one of them is made with a dialect of its own. Take that of the connection: schemaOf(registry, connection.dialect).'
