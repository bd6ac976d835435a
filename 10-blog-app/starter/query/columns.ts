import { snakeCase } from '../mapping/naming.ts'
import type { Table } from '../mapping/table.ts'
import type { Properties } from '../mapping/types.ts'
import { OperandError } from './errors.ts'
import { ColumnExpression, Expression } from './expression.ts'
import { node, type OutputNode } from './nodes.ts'

/** Expressions by name: the columns of a source, or what a query selects. */
export type Selection = Readonly<Record<string, Expression<any>>>

/** The columns of a table by property: `User.c.age`, and the `u` of `where((u) => …)`. */
export type ColumnExpressions<S> = {
  readonly [P in keyof S]: ColumnExpression<
    P extends keyof Properties<S> ? Properties<S>[P] : never
  >
}

/** The row that a selection gives: a property for each expression. */
export type RowOf<C> = {
  -readonly [P in keyof C]: C[P] extends Expression<infer T> ? T : never
}

/** The columns of the outer side of a join, where a row may have no partner. */
export type Nullable<C> = {
  readonly [P in keyof C]: C[P] extends Expression<infer T> ? Expression<T | null> : never
}

const columnsByTable = new WeakMap<Table, Selection>()

/**
 * The columns of a table as expressions, made once: `User.c` is the same object every time.
 *
 * @example
 * columnsOf(User.table).age // the expression behind User.c.age
 */
export function columnsOf(table: Table): Selection {
  const known = columnsByTable.get(table)
  if (known) return known
  const columns = columnsOfSource(table, table.name)
  columnsByTable.set(table, columns)
  return columns
}

/** The columns of a table that a query calls by another name. */
export function columnsOfSource(table: Table, source: string): Selection {
  return Object.freeze(
    Object.fromEntries(
      table.columns.map((column) => [column.property, new ColumnExpression(column, source)]),
    ),
  )
}

/**
 * A select list. Each expression gets a name in the SQL as well: the column's own where a column keeps its property,
 * the property in snake_case everywhere else.
 *
 * @throws {OperandError} when something in it is no expression
 */
export function outputsOf(selection: Selection): readonly OutputNode[] {
  return Object.entries(selection).map(([property, expression]) => {
    if (!(expression instanceof Expression))
      throw new OperandError(expression, 'columns and expressions; wrap a value in value(…)')
    const { node: inner, type, column } = expression
    const name = column?.property === property ? column.name : snakeCase(property)
    return node({ kind: 'output', property, name, expression: inner, type, column })
  })
}
