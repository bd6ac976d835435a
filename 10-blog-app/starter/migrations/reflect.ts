import type { AsyncConnection } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import { ColumnBuilder, t } from '../mapping/column.ts'
import { blob, boolean, type ColumnType, json, real, timestamp } from '../mapping/column-types.ts'
import { defineTable, type Table } from '../mapping/table.ts'
import { columnsOf } from '../query/columns.ts'
import { type InspectOptions, inspect } from './inspect.ts'
import { type ColumnSchema, primaryKeyOf, type TableSchema } from './schema.ts'

/** A table that no class stands for. Queries take it where they take a class. */
export interface ReflectedTable {
  readonly table: Table
  /** The columns, by their names in the database. Their types are known when the program runs, and not before. */
  readonly c: Readonly<Record<string, any>>
}

/**
 * The tables of a database, ready for queries, without a class for any of them. SQLAlchemy calls this reflection.
 * A schema that `inspect` gives can only be looked at; these can be asked.
 *
 * @example
 * const { users } = await reflect<'users'>(connection)
 * await fetchAll(connection, from(users).where((u) => u.id.eq(1)).select((u) => ({ name: u.name })))
 * // SELECT name FROM users WHERE id = ?
 */
export async function reflect<Name extends string = string>(
  connection: AsyncConnection,
  options: InspectOptions = {},
): Promise<Record<Name, ReflectedTable>> {
  const schema = await inspect(connection, options)
  const tables = schema.tables.map(reflectTable)
  const reflected = tables.map((table) => [table.name, { table, c: columnsOf(table) }])
  return Object.fromEntries(reflected)
}

/** Properties are called like their columns: what the models would call them nobody knows. */
function reflectTable(schema: TableSchema): Table {
  const key = primaryKeyOf(schema)?.columns ?? []
  const shape = schema.columns.map((column) => [column.name, builderOf(column, key)])
  return defineTable(schema.name, Object.fromEntries(shape))
}

const builderOf = (column: ColumnSchema, key: readonly string[]) =>
  new ColumnBuilder<any, any, any>({
    ...t.text().definition,
    type: types[column.type] ?? asItIs,
    name: column.name,
    isNullable: column.isNullable,
    isPrimaryKey: key.includes(column.name),
    isGenerated: column.isGenerated,
  })

const types: Readonly<Record<string, ColumnType<any>>> = {
  boolean,
  real,
  'double precision': real,
  timestamptz: timestamp,
  json,
  jsonb: json,
  blob,
  bytea: blob,
}

/** SQLite keeps a boolean as INTEGER and a time as TEXT. Who only sees the table takes the value as it is. */
const asItIs: ColumnType<Value> = {
  name: 'value',
  sql: { sqlite: 'TEXT', postgres: 'TEXT' },
  expects: 'a value of the database',
  accepts: (value) => value === null || typeof value !== 'object' || value instanceof Uint8Array,
  toDatabase: (value) => value,
  fromDatabase: (value) => value,
}
