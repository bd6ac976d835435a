import { postgres } from '#shared/driver/dialect'
import {
  columnDefinition,
  constraintDefinition,
  createIndex,
  createTable,
  defaultText,
  dropIndex,
  dropTable,
  typeName,
} from './ddl.ts'
import { literal } from './literal.ts'
import type { AddColumn, AlterColumn, Operation, RenameColumn, RenameTable } from './operations.ts'
import { type ColumnSchema, type Schema, type TableSchema, tableNamed } from './schema.ts'
import { schemaAfter } from './schema-after.ts'

/** PostgreSQL can alter everything: a statement for each operation, or a few. */
export function postgresStatements(operations: readonly Operation[], before: Schema): string[] {
  let schema = before
  return operations.flatMap((operation) => {
    const earlier = schema
    schema = schemaAfter(earlier, [operation])
    return statementsOf(operation, earlier, schema)
  })
}

function statementsOf(operation: Operation, before: Schema, after: Schema): string[] {
  switch (operation.kind) {
    case 'create table':
      return [createTable(operation.table, postgres), ...indexesOf(operation.table)]
    case 'drop table':
      return [dropTable(operation.table, postgres)]
    case 'rename table':
    case 'rename column':
      return [rename(operation), ...renamedConstraints(before, after)]
    case 'add column':
      return addColumn(operation)
    case 'drop column':
      return [alter(operation.table, `DROP COLUMN ${quote(operation.column.name)}`)]
    case 'alter column':
      return alterColumn(operation)
    case 'add constraint':
      return [alter(operation.table, `ADD ${constraintDefinition(operation.constraint, postgres)}`)]
    case 'drop constraint':
      return [alter(operation.table, `DROP CONSTRAINT ${quote(operation.constraint.name)}`)]
    case 'create index':
      return [createIndex(tableNamed(after, operation.table)!, operation.index, postgres)]
    case 'drop index':
      return [dropIndex(operation.index, postgres)]
  }
}

const quote = postgres.quoteIdentifier

const alter = (table: string, clause: string) => `ALTER TABLE ${quote(table)} ${clause}`

const indexesOf = (table: TableSchema) =>
  table.indexes.map((index) => createIndex(table, index, postgres))

const rename = (operation: RenameTable | RenameColumn): string =>
  operation.kind === 'rename table'
    ? alter(operation.from, `RENAME TO ${quote(operation.to)}`)
    : alter(operation.table, `RENAME COLUMN ${quote(operation.from)} TO ${quote(operation.to)}`)

/**
 * Names by the convention follow the table. A new table could not have them otherwise: the names of keys and indexes are
 * taken once for all tables.
 */
const renamedConstraints = (before: Schema, after: Schema): string[] =>
  after.tables.flatMap((table, i) => {
    const old = before.tables[i]!
    const constraints = changedNames(old.constraints, table.constraints).map(([from, to]) =>
      alter(table.name, `RENAME CONSTRAINT ${quote(from)} TO ${quote(to)}`),
    )
    const indexes = changedNames(old.indexes, table.indexes).map(
      ([from, to]) => `ALTER INDEX ${quote(from)} RENAME TO ${quote(to)}`,
    )
    return [...constraints, ...indexes]
  })

type Named = { readonly name: string }

const changedNames = (before: readonly Named[], after: readonly Named[]): [string, string][] =>
  after.flatMap(({ name }, i) => (before[i]!.name === name ? [] : [[before[i]!.name, name]]))

/** The rows that are there get their value before the column must have one. */
function addColumn({ table, column, backfill }: AddColumn): string[] {
  if (backfill === undefined)
    return [alter(table, `ADD COLUMN ${columnDefinition(column, postgres)}`)]
  const open = { ...column, isNullable: true }
  return [
    alter(table, `ADD COLUMN ${columnDefinition(open, postgres)}`),
    `UPDATE ${quote(table)} SET ${quote(column.name)} = ${backfill}`,
    ...(column.isNullable ? [] : [alter(table, `${columnClause(column)} SET NOT NULL`)]),
  ]
}

const columnClause = ({ name }: ColumnSchema) => `ALTER COLUMN ${quote(name)}`

/** The old default may not fit the new type, and a counter wants a column that is never NULL: hence the order. */
function alterColumn({ table, from, to, backfill }: AlterColumn): string[] {
  const set = (clause: string) => alter(table, `${columnClause(to)} ${clause}`)
  const isRetyped = from.type !== to.type
  const isOther = from.default !== to.default || isRetyped
  const isCounted = to.isGenerated && !from.isGenerated
  return [
    ...(from.isGenerated && !to.isGenerated ? [set('DROP IDENTITY')] : []),
    ...(from.default !== undefined && isOther ? [set('DROP DEFAULT'), ...dropSerial(from)] : []),
    ...(isRetyped ? [set(`TYPE ${typeName(to.type)}${using(from, to)}`)] : []),
    ...(to.default !== undefined && isOther ? createSerial(table, to) : []),
    ...(to.default !== undefined && isOther ? [set(`SET DEFAULT ${defaultText(to.default)}`)] : []),
    ...(to.isNullable && !from.isNullable ? [set('DROP NOT NULL')] : []),
    ...(from.isNullable && !to.isNullable
      ? [...fill(table, to, backfill), set('SET NOT NULL')]
      : []),
    ...(isCounted ? [set('ADD GENERATED BY DEFAULT AS IDENTITY'), countOn(table, to)] : []),
  ]
}

const fill = (table: string, { name }: ColumnSchema, backfill: string | undefined): string[] =>
  backfill === undefined
    ? []
    : [`UPDATE ${quote(table)} SET ${quote(name)} = ${backfill} WHERE ${quote(name)} IS NULL`]

/** SERIAL is the older form of a counter: a default that asks a sequence. With the default the sequence goes and comes. */
const dropSerial = (column: ColumnSchema): string[] =>
  serialOf(column).map((sequence) => `DROP SEQUENCE ${sequence}`)

const createSerial = (table: string, column: ColumnSchema): string[] =>
  serialOf(column).flatMap((sequence) => [
    `CREATE SEQUENCE ${sequence} OWNED BY ${quote(table)}.${quote(column.name)}`,
    countOn(table, column),
  ])

/** The sequence behind `nextval('users_id_seq'::regclass)`. */
const serialOf = ({ default: sql = '' }: ColumnSchema): string[] =>
  [...sql.matchAll(/^nextval\('(.+)'::regclass\)$/g)].map(([, sequence]) => sequence!)

/**
 * How a value becomes one of the new type, where PostgreSQL does not know by itself. Elsewhere it is left out: a cast that is
 * asked for cuts a text that is too long, and one that is not asked for refuses it.
 */
const using = (from: ColumnSchema, to: ColumnSchema) =>
  isText(to.type) || (isNumber(from.type) && isNumber(to.type))
    ? ''
    : ` USING ${quote(to.name)}::${typeName(to.type)}`

const isText = (type: string) => /^(text|varchar|char)/.test(type)

const isNumber = (type: string) =>
  /^(smallint|integer|bigint|real|double precision|numeric)/.test(type)

/** A counter begins with 1, whatever is there. */
function countOn(table: string, { name }: ColumnSchema): string {
  const counter = `pg_get_serial_sequence(${literal(quote(table), postgres)}, ${literal(name, postgres)})`
  return `SELECT setval(${counter}, (SELECT MAX(${quote(name)}) FROM ${quote(table)}))`
}
