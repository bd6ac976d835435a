import { type ExpressionNode, node, type OrderNode } from './nodes.ts'

/**
 * One place in ORDER BY.
 *
 * @example
 * from(User).orderBy((u) => u.age.desc().nullsLast())
 * // … ORDER BY age DESC NULLS LAST
 */
export class Order {
  readonly node: OrderNode

  constructor(node: OrderNode) {
    this.node = node
  }

  /** Rows without a value come first. Without a word SQLite takes NULL for the smallest value, PostgreSQL for the largest. */
  nullsFirst(): Order {
    return new Order(node({ ...this.node, nulls: 'FIRST' }))
  }

  /** Rows without a value come last. */
  nullsLast(): Order {
    return new Order(node({ ...this.node, nulls: 'LAST' }))
  }
}

export const orderNode = (
  expression: ExpressionNode,
  direction?: OrderNode['direction'],
): OrderNode => node({ kind: 'order', expression, direction, nulls: undefined })
