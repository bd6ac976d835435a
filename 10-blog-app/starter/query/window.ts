import type { ColumnType } from '../mapping/column-types.ts'
import { call } from './call.ts'
import { Expression } from './expression.ts'
import { type FunctionNode, node } from './nodes.ts'
import { type Ordering, ordersOf } from './ordering.ts'
import { wholeNumber } from './result-types.ts'

/** The rows around a row: those that share its partition, in an order. */
export interface Window {
  readonly partitionBy?: readonly Expression<any>[]
  readonly orderBy?: Ordering
}

/** A function that makes sense in a window only. */
export class WindowFunction<T> {
  readonly #node: FunctionNode
  readonly #type: ColumnType<any> | undefined

  constructor(node: FunctionNode, type: ColumnType<any> | undefined) {
    this.#node = node
    this.#type = type
  }

  over(window: Window): Expression<T> {
    return overWindow(this.#node, window, this.#type)
  }
}

/** The place of the row in its window: 1, 2, 3, … */
export const rowNumber = (): WindowFunction<number> =>
  new WindowFunction(call('ROW_NUMBER', []), wholeNumber)

/** The place of the row in its window; equal rows share a place, and the places after it stay empty. */
export const rank = (): WindowFunction<number> => new WindowFunction(call('RANK', []), wholeNumber)

/** The place of the row in its window; equal rows share a place, and no place stays empty. */
export const denseRank = (): WindowFunction<number> =>
  new WindowFunction(call('DENSE_RANK', []), wholeNumber)

/** The value of the row before, or null. */
export const lag = <T>(expression: Expression<T>): WindowFunction<T | null> =>
  new WindowFunction(call('LAG', [expression.node]), expression.type)

/** The value of the row after, or null. */
export const lead = <T>(expression: Expression<T>): WindowFunction<T | null> =>
  new WindowFunction(call('LEAD', [expression.node]), expression.type)

export const overWindow = <T>(
  call: FunctionNode,
  { partitionBy = [], orderBy = [] }: Window,
  type: ColumnType<any> | undefined,
) =>
  new Expression<T>(
    node({
      kind: 'window',
      function: call,
      partitionBy: partitionBy.map((one) => one.node),
      orderBy: ordersOf(orderBy),
    }),
    type,
  )
