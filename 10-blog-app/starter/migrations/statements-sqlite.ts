import { sqlite } from '#shared/driver/dialect'
import {
  columnDefinition,
  createIndex,
  createTable,
  dropIndex,
  dropTable,
  isConstant,
} from './ddl.ts'
import type { Operation, RenameColumn, RenameTable } from './operations.ts'
import { rebuild, withoutForeignKeys } from './rebuild.ts'
import { type ColumnSchema, type Schema, type TableSchema, tableNamed } from './schema.ts'
import { schemaAfter } from './schema-after.ts'

/**
 * SQLite can rename, and add and drop a column; everything else is a rebuild of the table. So the operations of one table
 * are taken together: one rebuild brings it to where they all lead.
 */
export function sqliteStatements(operations: readonly Operation[], before: Schema): string[] {
  let schema = before
  return runsOf(operations).flatMap((run) => {
    const earlier = schema
    schema = schemaAfter(earlier, run)
    return isRename(run[0]!) ? renames(run as Rename[], earlier) : changes(run, earlier, schema)
  })
}

type Rename = RenameTable | RenameColumn

const isRename = ({ kind }: Operation) => kind === 'rename table' || kind === 'rename column'

/** Renames and other operations, each kind in one piece as long as they follow each other. */
function runsOf(operations: readonly Operation[]): Operation[][] {
  const runs: Operation[][] = []
  for (const operation of operations) {
    const last = runs.at(-1)
    if (last && isRename(last[0]!) === isRename(operation)) last.push(operation)
    else runs.push([operation])
  }
  return runs
}

/** SQLite follows a name wherever it stands, but in the names of indexes, which are taken once for all tables. */
function renames(operations: readonly Rename[], before: Schema): string[] {
  const after = schemaAfter(before, operations)
  const moved = after.tables.flatMap((table, i) =>
    table.indexes.flatMap((index, j) => {
      const old = before.tables[i]!.indexes[j]!
      return old.name === index.name ? [] : [{ table, index, old }]
    }),
  )
  return [
    ...operations.map(rename),
    ...moved.map(({ old }) => dropIndex(old, sqlite)),
    ...moved.map(({ table, index }) => createIndex(table, index, sqlite)),
  ]
}

const rename = (operation: Rename): string =>
  operation.kind === 'rename table'
    ? alter(operation.from, `RENAME TO ${quote(operation.to)}`)
    : alter(operation.table, `RENAME COLUMN ${quote(operation.from)} TO ${quote(operation.to)}`)

const quote = sqlite.quoteIdentifier

const alter = (table: string, clause: string) => `ALTER TABLE ${quote(table)} ${clause}`

/** Indexes go first and come last: their names are free then, and no column that goes is held by one. */
function changes(operations: readonly Operation[], before: Schema, after: Schema): string[] {
  const created = ofKind(operations, 'create table').map(({ table }) => table.name)
  const rebuilt = rebuiltTables(operations, before, after)
  const rest = operations.filter((one) => ![...created, ...rebuilt].includes(tableOf(one)))
  const dropped = ofKind(operations, 'drop table')
  const sent = [
    ...ofKind(operations, 'drop index').map(({ index }) => dropIndex(index, sqlite)),
    ...dropped.map(({ table }) => dropTable(table, sqlite)),
    ...created.flatMap((name) => create(tableNamed(after, name)!)),
    ...rebuilt.flatMap((name) => rebuild(name, operations, before, after)),
    ...rest.flatMap((one) => alterations(one, after)),
  ]
  const isRisky = rebuilt.length > 0 || dropped.length > 0
  return isRisky ? withoutForeignKeys(sent, rebuilt.length > 0) : sent
}

const ofKind = <K extends Operation['kind']>(operations: readonly Operation[], kind: K) =>
  operations.filter((one): one is Extract<Operation, { kind: K }> => one.kind === kind)

/** The table that an operation changes. */
function tableOf(operation: Operation): string {
  if (operation.kind === 'rename table') return operation.from
  return typeof operation.table === 'string' ? operation.table : operation.table.name
}

/** A new table with all that its own operations add: SQLite takes a foreign key to a table that is still to come. */
const create = (table: TableSchema): string[] => [
  createTable(table, sqlite),
  ...table.indexes.map((index) => createIndex(table, index, sqlite)),
  ...(table.triggers ?? []),
]

/** The tables that stay, and that ALTER TABLE cannot bring to where they should be. */
function rebuiltTables(operations: readonly Operation[], before: Schema, after: Schema): string[] {
  const names = new Set(operations.filter(needsRebuild).map(tableOf))
  return [...names].filter((name) => tableNamed(before, name) && tableNamed(after, name))
}

/**
 * Whether ALTER TABLE cannot do it.
 *
 * @see https://www.sqlite.org/lang_altertable.html what ADD COLUMN refuses
 */
function needsRebuild(operation: Operation): boolean {
  switch (operation.kind) {
    case 'alter column':
    case 'add constraint':
    case 'drop constraint':
      return true
    case 'add column':
      return operation.backfill !== undefined || !canBeAdded(operation.column)
    default:
      return false
  }
}

/** ADD COLUMN must know what the old rows hold: NULL, or a constant. */
function canBeAdded({ isNullable, isGenerated, default: value }: ColumnSchema): boolean {
  if (isGenerated) return false
  if (value === undefined) return isNullable
  return isConstant(value) && !/^null$/i.test(value)
}

/** What ALTER TABLE can do, and a new index. */
function alterations(operation: Operation, after: Schema): string[] {
  switch (operation.kind) {
    case 'add column':
      return [alter(operation.table, `ADD COLUMN ${columnDefinition(operation.column, sqlite)}`)]
    case 'drop column':
      return [alter(operation.table, `DROP COLUMN ${quote(operation.column.name)}`)]
    case 'create index':
      return [createIndex(tableNamed(after, operation.table)!, operation.index, sqlite)]
    default:
      return []
  }
}
