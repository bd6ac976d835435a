import { columnsOf } from '../query/columns.ts'
import type { Condition, Expression } from '../query/expression.ts'
import { type ClassQuery, selectClass, selectionOf } from '../query/polymorphic.ts'
import type { SelectQuery } from '../query/select.ts'
import type { Relation } from './relation.ts'

/** A query for objects of one class: which ones, in which order, how many. */
export type TargetQuery = ClassQuery

/** The rows that belong to an owner; of a relation to the latest of them only that one. */
export function everyRow({ target, latestBy }: Relation): TargetQuery {
  const rows = selectClass(target)
  if (!latestBy) return rows
  const newest = selectionOf(target)[latestBy.property]!.desc()
  const keys = target.table.primaryKey.map(({ property }) => selectionOf(target)[property]!.desc())
  return rows.orderBy([latestBy.isNullable ? newest.nullsLast() : newest, ...keys]).limit(1)
}

/** The column `to` in a query: it says to which owner a row belongs. */
export const ownerKey = ({ target, junction, to }: Relation): Expression<any> =>
  (junction ? columnsOf(junction.model.table) : selectionOf(target))[to.property]!

/**
 * The rows that belong to some owners, of those that `base` asks for.
 *
 * @example
 * belongingTo(User.relations.posts, [1, 2], everyRow(User.relations.posts))
 * // SELECT id, title, … FROM posts WHERE user_id IN (?, ?)
 */
export function belongingTo(
  relation: Relation,
  keys: readonly unknown[],
  base: TargetQuery,
): SelectQuery<any, unknown> {
  return withJunction(relation, base).where(isAmong(ownerKey(relation), keys))
}

/** Through a junction the target's rows are found by the pairs. */
function withJunction(
  { target, junction }: Relation,
  base: TargetQuery,
): SelectQuery<any, unknown> {
  if (!junction) return base
  const pairs = columnsOf(junction.model.table)
  const key = selectionOf(target)[junction.targetKey.property]!
  return base.innerJoin(
    { table: junction.model.table, c: pairs },
    pairs[junction.toTarget.property]!.eq(key),
  )
}

/** One key reads better with `=`. */
const isAmong = (column: Expression<any>, keys: readonly unknown[]): Condition =>
  keys.length === 1 ? column.eq(keys[0]) : column.in(keys)
