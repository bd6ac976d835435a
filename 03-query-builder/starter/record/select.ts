import type { Connection, Value } from '#shared/driver/driver'
import { columnOf, type Table } from '../mapping/table.ts'
import { count as countRows } from '../query/aggregates.ts'
import { columnsOf, type Selection } from '../query/columns.ts'
import { fetchFirst, fetchRows } from '../query/execute.ts'
import type { Condition } from '../query/expression.ts'
import { and } from '../query/logic.ts'
import { from, type SelectQuery } from '../query/select.ts'

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
  const query = rowsWith(table, conditions)
  return fetchRows(connection, options ? query.limit(options.limit) : query)
}

/**
 * How many rows have these values.
 *
 * @example
 * count(User.table, { accountType: 'free' }, connection)
 * // SELECT COUNT(*) AS count FROM users WHERE account_type = ?
 */
export function count(table: Table, conditions: Conditions, connection: Connection): number {
  const query = rowsWith(table, conditions).select({ count: countRows() })
  return fetchFirst(connection, query)?.count ?? 0
}

/** A query for the rows that have these values. */
function rowsWith(table: Table, conditions: Conditions): SelectQuery<[Selection], unknown> {
  const columns = columnsOf(table)
  const query = from({ table, c: columns })
  const tests = Object.entries(conditions).map(
    ([property, value]): Condition => columns[columnOf(table, property).property]!.eq(value),
  )
  return tests.length === 0 ? query : query.where(and(...tests))
}
