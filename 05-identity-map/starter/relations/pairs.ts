import type { Mapped } from '../mapping/mapped.ts'
import { columnsOf } from '../query/columns.ts'
import { type DeleteQuery, deleteFrom } from '../query/delete.ts'
import { InsertInto, type InsertQuery } from '../query/insert.ts'
import { converted, relatedKey } from './key.ts'
import type { Junction, Relation } from './relation.ts'

/** A relation through a junction: each row of the junction is a pair. */
export interface PairedRelation extends Relation {
  readonly junction: Junction
}

export const isPaired = (relation: Relation): relation is PairedRelation =>
  relation.junction !== undefined

/**
 * Stores pairs. A pair that is there already stays as it is: a collection that is not loaded does not know.
 *
 * @example
 * insertPairs(Post.relations.tags, post, [sql, orm])
 * // INSERT INTO posts_tags (post_id, tag_id) VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING
 */
export function insertPairs(
  relation: PairedRelation,
  owner: Mapped,
  others: readonly Mapped[],
): InsertQuery<any, never> {
  const { junction, to } = relation
  const rows = others.map((other) => ({
    [to.property]: relatedKey(owner, relation),
    [junction.toTarget.property]: targetKey(other, junction),
  }))
  return new InsertInto<any, any>(junction.model.table).values(rows).onConflict().doNothing()
}

/**
 * Removes pairs. Both objects stay.
 *
 * @example
 * deletePairs(Post.relations.tags, post, [sql, orm])
 * // DELETE FROM posts_tags WHERE post_id = ? AND tag_id IN (?, ?)
 */
export function deletePairs(
  relation: PairedRelation,
  owner: Mapped,
  others: readonly Mapped[],
): DeleteQuery<any, never> {
  const { junction, to } = relation
  const pairs = columnsOf(junction.model.table)
  const keys = others.map((other) => targetKey(other, junction))
  return deleteFrom(junction.model)
    .where(pairs[to.property]!.eq(relatedKey(owner, relation)))
    .where(pairs[junction.toTarget.property]!.in(keys))
}

/** The value of the target's key, as the junction holds it. */
const targetKey = (target: Mapped, { targetKey, toTarget }: Junction): unknown =>
  converted(Reflect.get(target, targetKey.property), targetKey, toTarget)
