import { todo } from '#shared/todo'
import { columnsOf } from '../query/columns.ts'
import type { Condition, Expression } from '../query/expression.ts'
import { and } from '../query/logic.ts'
import type { SelectNode } from '../query/nodes.ts'
import { Order } from '../query/order.ts'
import { from, SelectQuery } from '../query/select.ts'
import { rowNumber } from '../query/window.ts'
import { belongingTo, ownerKey, type TargetQuery } from './related-rows.ts'
import type { Relation } from './relation.ts'

/**
 * Cuts a list into pieces, so that each has room in one statement.
 *
 * @example
 * batchesOf([1, 2, 3, 4, 5], 2) // [[1, 2], [3, 4], [5]]
 */
export function batchesOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items]
  // TODO(6): as many whole pieces as there are, and the rest.
  return todo('Task 6: cut and limit')
}

/**
 * The first rows of each owner. LIMIT counts the rows of the whole statement, so each row gets its place among those
 * of its owner, and the place is limited.
 *
 * @example
 * limitPerOwner(User.relations.posts, [1, 2], base.limit(3))
 * // SELECT … FROM (
 * //   SELECT id, title, …, user_id AS owner_key, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY id) AS owner_place
 * //   FROM posts WHERE user_id IN (?, ?)
 * // ) AS numbered WHERE owner_place <= ? ORDER BY owner_place
 */
export function limitPerOwner(
  relation: Relation,
  keys: readonly unknown[],
  base: TargetQuery,
): SelectQuery<any, unknown> {
  const target = columnsOf(relation.target.table)
  const key = ownerKey(relation)
  // TODO(6): first number the rows: those that belong to the owners, of the base without its own order and limit,
  // with the target's columns, `ownerKey`, and as `ownerPlace` the place of the row among those of its owner (see ordersOf).
  // Then read from that query, called 'numbered', the rows whose place is `within` the limit, in the order of their places.
  return todo('Task 6: cut and limit')
}

/** `owner_place > offset AND owner_place <= offset + limit` */
function within(place: Expression<number>, { limit, offset }: SelectNode): Condition {
  const before = Number(offset?.value ?? 0)
  const conditions = [
    ...(before > 0 ? [place.gt(before)] : []),
    ...(limit ? [place.lte(before + Number(limit.value))] : []),
  ]
  return and(...conditions)
}

/** The order that was asked for; without one the order of the keys, so that the same rows come every time. */
function ordersOf({ target }: Relation, { node }: TargetQuery): readonly (Order | Expression)[] {
  if (node.orderBy.length > 0) return node.orderBy.map((order) => new Order(order))
  return target.table.primaryKey.map(({ property }) => columnsOf(target.table)[property]!)
}

const withoutSlice = ({ target }: Relation, { node }: TargetQuery): TargetQuery =>
  new SelectQuery({ ...node, orderBy: [], limit: undefined, offset: undefined }, [
    columnsOf(target.table),
  ])
