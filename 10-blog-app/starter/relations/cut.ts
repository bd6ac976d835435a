import type { Condition, Expression } from '../query/expression.ts'
import { and } from '../query/logic.ts'
import type { SelectNode } from '../query/nodes.ts'
import { Order } from '../query/order.ts'
import { selectionOf } from '../query/polymorphic.ts'
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
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
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
  const target = selectionOf(relation.target)
  const key = ownerKey(relation)
  const place = rowNumber().over({ partitionBy: [key], orderBy: ordersOf(relation, base) })
  const numbered = belongingTo(relation, keys, withoutSlice(relation, base))
    .select({ ...target, ownerKey: key, ownerPlace: place })
    .as('numbered')
  return from(numbered)
    .where(({ ownerPlace }) => within(ownerPlace as Expression<number>, base.node))
    .orderBy(({ ownerPlace }) => ownerPlace!)
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
  return target.table.primaryKey.map(({ property }) => selectionOf(target)[property]!)
}

const withoutSlice = ({ target }: Relation, { node }: TargetQuery): TargetQuery =>
  new SelectQuery({ ...node, orderBy: [], limit: undefined, offset: undefined }, [
    selectionOf(target),
  ])
