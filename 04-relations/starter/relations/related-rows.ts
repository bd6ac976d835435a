import { columnsOf, type Selection } from '../query/columns.ts'
import type { Condition, Expression } from '../query/expression.ts'
import { from, type SelectQuery } from '../query/select.ts'
import type { Relation } from './relation.ts'

/** A query for objects of one class: which ones, in which order, how many. */
export type TargetQuery = SelectQuery<[Selection], unknown>

export const everyRow = ({ target }: Relation): TargetQuery =>
  from({ table: target.table, c: columnsOf(target.table) })

/** The column `to` in a query: it says to which owner a row belongs. */
export const ownerKey = ({ target, junction, to }: Relation): Expression<any> =>
  columnsOf(junction ? junction.model.table : target.table)[to.property]!

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
  const key = columnsOf(target.table)[junction.targetKey.property]!
  return base.innerJoin(
    { table: junction.model.table, c: pairs },
    pairs[junction.toTarget.property]!.eq(key),
  )
}

/** One key reads better with `=`. */
const isAmong = (column: Expression<any>, keys: readonly unknown[]): Condition =>
  keys.length === 1 ? column.eq(keys[0]) : column.in(keys)
