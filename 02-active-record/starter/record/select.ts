import type { Dialect } from '#shared/driver/dialect'
import type { Connection, Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import type { Column } from '../mapping/column.ts'
import { UndefinedValueError } from '../mapping/errors.ts'
import { encode } from '../mapping/hydrate.ts'
import { columnOf, type Table } from '../mapping/table.ts'

/** Values that the columns of a row must have: `{ name: 'Alice', age: null }`. */
export type Conditions = Readonly<Record<string, unknown>>

/**
 * The rows of a table whose columns have these values, each row in the order of the table's columns. No condition means every row.
 *
 * @example
 * select(User.table, { accountType: 'free', age: null }, connection)
 * // SELECT id, name, email, age FROM users WHERE account_type = ? AND age IS NULL
 *
 * @throws {UnknownColumnError} when a property is not of the table
 * @throws {UndefinedValueError} when a value is undefined: a forgotten value must never mean "every row"
 */
export function select(
  table: Table,
  conditions: Conditions,
  connection: Connection,
  options?: { limit: number },
): Value[][] {
  // TODO(5): SELECT every column of the table by name, WHERE the conditions hold, and LIMIT when the options ask for it.
  return todo('Task 5: ask by values')
}

/**
 * How many rows have these values.
 *
 * @example
 * count(User.table, { accountType: 'free' }, connection)
 * // SELECT COUNT(*) FROM users WHERE account_type = ?
 */
export function count(table: Table, conditions: Conditions, connection: Connection): number {
  const { sql, parameters } = whereClause(table, conditions, connection.dialect)
  const name = connection.dialect.quoteIdentifier(table.name)
  return Number(connection.values(`SELECT COUNT(*) FROM ${name}${sql}`, parameters)[0]?.[0])
}

/** A piece of SQL, and the values for its marks. */
interface Comparison {
  readonly sql: string
  readonly parameters: readonly Value[]
}

/** ` WHERE name = ? AND age IS NULL`, or nothing. */
function whereClause(table: Table, conditions: Conditions, dialect: Dialect): Comparison {
  // TODO(5): the comparisons of all conditions, joined by AND. Nothing when there is no condition.
  return todo('Task 5: ask by values')
}

/** In SQL nothing equals NULL, not even NULL: it has a comparison of its own. */
function comparison(column: Column, value: unknown, dialect: Dialect): Comparison {
  // TODO(5): refuse undefined; IS NULL for null; otherwise `= ?`, with the encoded value as its parameter.
  return todo('Task 5: ask by values')
}
