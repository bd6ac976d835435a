import { condition, Expression } from './expression.ts'
import { node, type QueryNode } from './nodes.ts'
import { type SingleColumn, type Subquery, singleColumn } from './result-query.ts'

/** The one value of a query with one column; null when it gives no row. */
export const scalar = <T>(query: SingleColumn<T>): Expression<T | null> => {
  const inner = singleColumn(query)
  return new Expression(node({ kind: 'subquery', query: inner }), inner.outputs[0]?.type)
}

/** Whether the query gives any row. What it selects does not matter. */
export const exists = (query: Subquery<unknown>): Expression<boolean> =>
  condition(node({ kind: 'exists', query: anyColumns(query.node), isNegated: false }))

/** Whether the query gives no row. Unlike `notIn`, a NULL in it does no harm. */
export const notExists = (query: Subquery<unknown>): Expression<boolean> =>
  condition(node({ kind: 'exists', query: anyColumns(query.node), isNegated: true }))

/** `SELECT *` is shorter, and where there are no groups it asks the same. */
const anyColumns = (query: QueryNode): QueryNode =>
  query.kind === 'select' && query.groupBy.length === 0 ? node({ ...query, outputs: [] }) : query
