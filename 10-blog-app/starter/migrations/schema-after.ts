import type { Operation } from './operations.ts'
import { renameColumn, renameTable } from './rename-in-schema.ts'
import type { Schema, TableSchema } from './schema.ts'

/**
 * The schema after these operations. No database is asked: an operation on a schema is a new schema.
 *
 * @example
 * schemaAfter(before, [{ kind: 'drop table', table: posts }]) // before, without posts
 */
export const schemaAfter = (before: Schema, operations: readonly Operation[]): Schema =>
  operations.reduce(afterOne, before)

function afterOne(schema: Schema, operation: Operation): Schema {
  switch (operation.kind) {
    case 'create table':
      return { ...schema, tables: [...schema.tables, operation.table] }
    case 'drop table':
      return {
        ...schema,
        tables: schema.tables.filter(({ name }) => name !== operation.table.name),
      }
    case 'rename table':
      return renameTable(schema, operation.from, operation.to)
    case 'rename column':
      return renameColumn(schema, operation.table, operation.from, operation.to)
    default:
      return withTable(schema, operation.table, (table) => ({
        ...table,
        ...changed(table, operation),
      }))
  }
}

type TableOperation = Exclude<
  Operation,
  { readonly kind: 'create table' | 'drop table' | 'rename table' | 'rename column' }
>

/** The part of a table that an operation changes. */
function changed(table: TableSchema, operation: TableOperation): Partial<TableSchema> {
  const { columns, constraints, indexes } = table
  switch (operation.kind) {
    case 'add column':
      return { columns: [...columns, operation.column] }
    case 'drop column':
      return { columns: without(columns, operation.column) }
    case 'alter column':
      return {
        columns: columns.map((one) => (one.name === operation.from.name ? operation.to : one)),
      }
    case 'add constraint':
      return { constraints: [...constraints, operation.constraint] }
    case 'drop constraint':
      return { constraints: without(constraints, operation.constraint) }
    case 'create index':
      return { indexes: [...indexes, operation.index] }
    case 'drop index':
      return { indexes: without(indexes, operation.index) }
  }
}

const without = <T extends { readonly name: string }>(list: readonly T[], { name }: T): T[] =>
  list.filter((one) => one.name !== name)

const withTable = (schema: Schema, name: string, change: (table: TableSchema) => TableSchema) => ({
  ...schema,
  tables: schema.tables.map((table) => (table.name === name ? change(table) : table)),
})
