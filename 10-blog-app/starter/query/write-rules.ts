import type { Column } from '../mapping/column.ts'
import { columnOf, type Table } from '../mapping/table.ts'
import { isConstant } from './conditions.ts'
import { MissingWhereError, MixedRowsError, NothingToWriteError } from './errors.ts'
import { operand } from './expression.ts'
import type { DeleteNode, ExpressionNode, UpdateNode } from './nodes.ts'

// What a write has to keep to, before it is sent.

/** The columns of an INSERT, and a value for each of them in each row. */
export interface InsertRows {
  readonly columns: readonly Column[]
  readonly values: readonly (readonly ExpressionNode[])[]
}

/**
 * Brings the rows of one INSERT to the same columns. Defaults of the declaration are filled in; what no row gives is left to the database.
 *
 * @example
 * insertRows(User.table, [{ name: 'Dan', email: 'd@example.com' }, { name: 'Eve', email: 'e@example.com', age: 41 }])
 * // columns name, email, age; the age of the first row is null
 *
 * @throws {UnknownColumnError} when a property is not of the table
 * @throws {InvalidValueError} when a column does not take its value
 * @throws {MixedRowsError} when a row lacks a column that others give, and that takes no NULL
 * @throws {NothingToWriteError} when there is no row
 */
export function insertRows(table: Table, rows: readonly object[]): InsertRows {
  if (rows.length === 0) throw new NothingToWriteError('values', table.name)
  const complete = rows.map((row) => withDefaults(table, row))
  const columns = table.columns.filter(({ property }) =>
    complete.some((row) => row[property] !== undefined),
  )
  const values = complete.map((row, i) => columns.map((column) => valueFor(row, column, i + 1)))
  return { columns, values }
}

/**
 * The WHERE of an UPDATE or DELETE.
 *
 * @returns the WHERE as it was given; undefined when there is none and `everyRow()` was said
 * @throws {MissingWhereError} when every row would be met and nobody asked for that
 */
export function guardedWhere(write: UpdateNode | DeleteNode): ExpressionNode | undefined {
  const { kind, table, where, isEveryRow } = write
  const meetsEveryRow = where === undefined || isConstant(where, true)
  if (meetsEveryRow && !isEveryRow)
    throw new MissingWhereError(kind === 'update' ? 'UPDATE' : 'DELETE', table)
  return where
}

type Given = Readonly<Record<string, unknown>>

/** undefined asks for the default; null is a value like any other. */
function withDefaults(table: Table, row: object): Given {
  for (const property of Object.keys(row)) columnOf(table, property)
  const values = table.columns.map((column) => {
    const given: unknown = Reflect.get(row, column.property)
    return [column.property, given === undefined ? defaultOf(column) : given]
  })
  return Object.fromEntries(values)
}

function defaultOf({ default: given }: Column): unknown {
  return typeof given?.value === 'function' ? given.value() : given?.value
}

function valueFor(row: Given, column: Column, position: number): ExpressionNode {
  const given = row[column.property]
  if (given !== undefined) return operand(given, { type: column.type, column })
  if (column.isNullable) return operand(null, { type: column.type, column })
  throw new MixedRowsError(column.table, column.property, position)
}
