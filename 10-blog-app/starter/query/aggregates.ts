import { bigint, type ColumnType, real } from '../mapping/column-types.ts'
import { call } from './call.ts'
import { Expression } from './expression.ts'
import { type ExpressionNode, type FunctionNode, node } from './nodes.ts'
import { anyNumber, wholeNumber } from './result-types.ts'
import { overWindow, type Window } from './window.ts'

type Numeric = Expression<number | bigint | null>

/** A function that can also look at a window of rows around each row. */
export class Aggregate<T> extends Expression<T> {
  declare readonly node: FunctionNode

  /**
   * The value for each row, of the rows that belong to it.
   *
   * @example
   * count().over({ partitionBy: [p.userId], orderBy: p.createdAt })
   * // COUNT(*) OVER (PARTITION BY user_id ORDER BY created_at)
   */
  over(window: Window = {}): Expression<T> {
    return overWindow(this.node, window, this.type)
  }
}

/** How many rows, or how many of them have a value. */
export const count = (expression?: Expression<any>): Aggregate<number> =>
  aggregate('COUNT', expression ? expression.node : node({ kind: 'star' }), wholeNumber)

/** How many different values. */
export const countDistinct = (expression: Expression<any>): Aggregate<number> =>
  new Aggregate(call('COUNT', [expression.node], { isDistinct: true }), wholeNumber)

/** The sum; null when there is no row, which is not 0. See `coalesce`. */
export const sum = <T>(expression: Expression<T> & Numeric): Aggregate<T | null> =>
  aggregate('SUM', expression.node, sumType(expression.type))

/** The average; null when there is no row. */
export const avg = (expression: Numeric): Aggregate<number | null> =>
  aggregate('AVG', expression.node, anyNumber)

/** The smallest value; null when there is no row. */
export const min = <T>(expression: Expression<T>): Aggregate<T | null> =>
  aggregate('MIN', expression.node, expression.type)

/** The largest value; null when there is no row. */
export const max = <T>(expression: Expression<T>): Aggregate<T | null> =>
  aggregate('MAX', expression.node, expression.type)

const aggregate = <T>(name: string, argument: ExpressionNode, type: ColumnType<any> | undefined) =>
  new Aggregate<T>(call(name, [argument]), type)

/** A sum may be larger than what it sums. */
function sumType(type: ColumnType<any> | undefined): ColumnType<any> {
  if (type === bigint) return bigint
  return type === real || type === anyNumber ? anyNumber : wholeNumber
}
