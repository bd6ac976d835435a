import { type Column, ColumnBuilder } from './column.ts'
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
  /** What the declaration says of several columns at once. */
  readonly rules?: TableRules | undefined
}

/**
 * What a declaration says of the table as a whole. Columns are named by their properties.
 *
 * @example
 * {
 *   uniques: [['userId', 'slug']],
 *   indexes: [{ on: ['userId', 'createdAt'] }, { on: [{ sql: 'lower(title)' }], where: 'published' }],
 *   checks: { has_end: 'ends_at > starts_at' },
 * }
 */
export interface TableRules<Property extends string = string> {
  /** No two rows hold the same values in all of these. */
  readonly uniques?: readonly (readonly Property[])[]
  readonly indexes?: readonly IndexRule<Property>[]
  /** What every row must fulfil, in SQL, by a short name. */
  readonly checks?: Readonly<Record<string, string>>
}

export interface IndexRule<Property extends string = string> {
  /** Columns, or expressions in SQL. */
  readonly on: readonly (Property | { readonly sql: string })[]
  readonly isUnique?: boolean
  /** Only the rows for which this is true: a partial index. */
  readonly where?: string
  /** Where the name by the convention will not do. */
  readonly name?: string
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
export function defineTable(name: string, shape: Shape, rules?: TableRules): Table {
  const columns = columnsIn(shape).map(([property, builder], index) =>
    bindColumn(name, property, builder, index),
  )
  return Object.freeze({
    name,
    columns: Object.freeze(columns),
    primaryKey: Object.freeze(columns.filter((column) => column.isPrimaryKey)),
    byProperty: Object.freeze(
      Object.fromEntries(columns.map((column) => [column.property, column])),
    ),
    rules,
  })
}

/** What else stands in a declaration is a relation, which is not kept in the table. */
const columnsIn = (shape: Shape) =>
  Object.entries(shape).filter(
    (entry): entry is [string, ColumnBuilder<any, boolean, boolean>] =>
      entry[1] instanceof ColumnBuilder,
  )

/** Gives a described column its place: the table, the names on both sides, the index. */
function bindColumn(
  table: string,
  property: string,
  builder: ColumnBuilder<any, boolean, boolean>,
  index: number,
): Column {
  const { definition } = builder
  return Object.freeze({
    ...definition,
    table,
    property,
    index,
    name: definition.name ?? snakeCase(property),
  })
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
