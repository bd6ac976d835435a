import { todo } from '#shared/todo'
import type { Column, ColumnBuilder } from './column.ts'
import { UnknownColumnError } from './errors.ts'
import { snakeCase } from './naming.ts'
import type { Shape } from './types.ts'

/** What the ORM knows of a table: a plain frozen value. Migrations compare it, queries read it, nothing changes it. */
export interface Table {
  readonly name: string
  /** In the order of the declaration. Rows are read in this order. */
  readonly columns: readonly Column[]
  /** The columns that tell the rows apart: one, or several for a composite key. */
  readonly primaryKey: readonly Column[]
  readonly byProperty: Readonly<Record<string, Column>>
}

/**
 * Reads a declaration and makes the table's metadata of it.
 *
 * @example
 * const users = defineTable('users', { id: t.integer().primaryKey(), joinedAt: t.timestamp() })
 * users.columns.map((column) => column.name) // ['id', 'joined_at']
 *
 * @see https://martinfowler.com/eaaCatalog/metadataMapping.html
 */
export function defineTable(name: string, shape: Shape): Table {
  // TODO(2): bind every column of the shape, then freeze the table: its name, columns, primary key, and columns by property.
  return todo('Task 2: read the declaration')
}

/** Gives a described column its place: the table, the names on both sides, the index. */
function bindColumn(
  table: string,
  property: string,
  builder: ColumnBuilder<any, boolean, boolean>,
  index: number,
): Column {
  // TODO(2): the definition of the builder, with its place. The name is the one given, or the property in snake_case.
  return todo('Task 2: read the declaration')
}

/**
 * The column of a property.
 *
 * @throws {UnknownColumnError} when the table has none; the message suggests the nearest name
 */
export function columnOf(table: Table, property: string): Column {
  const column = Object.hasOwn(table.byProperty, property) ? table.byProperty[property] : undefined
  if (!column) throw new UnknownColumnError(table.name, property, Object.keys(table.byProperty))
  return column
}
