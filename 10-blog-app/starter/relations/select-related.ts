import { count } from '../query/aggregates.ts'
import { selectionOf } from '../query/polymorphic.ts'
import type { SelectQuery } from '../query/select.ts'
import { limitPerOwner } from './cut.ts'
import { belongingTo, everyRow, ownerKey, type TargetQuery } from './related-rows.ts'
import type { Relation } from './relation.ts'

/**
 * The query for the related rows of some owners: one statement, however many they are.
 *
 * @param base which of the related rows: every one, when nothing else is said
 *
 * @example
 * selectRelated(User.relations.posts, [1, 2])
 * // SELECT id, title, … FROM posts WHERE user_id IN (?, ?)
 * selectRelated(Post.relations.tags, [1, 2])
 * // SELECT tags.id, tags.name, posts_tags.post_id AS owner_key
 * // FROM tags JOIN posts_tags ON posts_tags.tag_id = tags.id WHERE posts_tags.post_id IN (?, ?)
 */
export function selectRelated(
  relation: Relation,
  keys: readonly unknown[],
  base: TargetQuery = everyRow(relation),
): SelectQuery<any, unknown> {
  if (base.node.limit || base.node.offset) return limitPerOwner(relation, keys, base)
  const rows = belongingTo(relation, keys, base)
  if (!relation.junction) return rows
  return rows.select({ ...selectionOf(relation.target), ownerKey: ownerKey(relation) })
}

/** Where the key of the owner stands in such a row: at its own place, or behind the target's columns. */
export const ownerKeyIndex = ({ target, junction, to }: Relation): number =>
  junction ? Object.keys(selectionOf(target)).length : to.index

/**
 * How many related rows some owners have: no row for those who have none.
 *
 * @example
 * countRelated(User.relations.posts, [1, 2])
 * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?) GROUP BY user_id
 */
export const countRelated = (relation: Relation, keys: readonly unknown[]) =>
  belongingTo(relation, keys, everyRow(relation))
    .groupBy(ownerKey(relation))
    .select({ ownerKey: ownerKey(relation), count: count() })
