import { OperandError } from './errors.ts'
import { Expression } from './expression.ts'
import type { OrderNode } from './nodes.ts'
import { Order, orderNode } from './order.ts'

/** What orderBy takes: `u.name`, `u.age.desc()`, or a list of such. */
export type Ordering = Expression<any> | Order | readonly (Expression<any> | Order)[]

export const ordersOf = (ordering: Ordering): readonly OrderNode[] =>
  [ordering].flat().map((one) => orderOf(one as Expression | Order))

/** @throws {OperandError} when it is neither a column nor an order */
function orderOf(one: Expression | Order): OrderNode {
  if (one instanceof Order) return one.node
  if (one instanceof Expression) return orderNode(one.node)
  throw new OperandError(one, 'a column, or its asc() or desc()')
}
