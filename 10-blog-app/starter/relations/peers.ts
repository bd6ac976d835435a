import { type Mapped, type Owner, stateOf } from '../mapping/mapped.ts'
import { groupKey, handOut, keysOf } from './hand-out.ts'
import { relatedKey } from './key.ts'
import { fetchCounts, fetchRelated } from './loader.ts'
import { knownOne, manyOf } from './memory.ts'
import { isToMany, type Relation } from './relation.ts'
import { mayLoad } from './strict.ts'

/**
 * Reads the related objects of one object, and with them those of all its peers that will ask next:
 * a loop over a list that awaits a relation sends one statement, not one for each object.
 *
 * @param peers the objects that came in the same result
 *
 * @example
 * const users = await session.query(User).all() // SELECT … FROM users
 * await loadWithPeers(alice, [bob, carol], User.relations.posts, session) // [Post, Post]
 * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
 * // and the posts of Bob and Carol are loaded as well
 */
export async function loadWithPeers(
  object: Mapped,
  peers: readonly Mapped[],
  relation: Relation,
  session: Owner,
): Promise<readonly Mapped[]> {
  const waiting = peers.filter((peer) => waitsFor(peer, relation))
  const keys = keysOf([object, ...waiting], relation)
  const found = await session.alone(`load ${relation.property}`, () =>
    fetchRelated(relation, keys, session),
  )
  handOut(waiting, relation, found)
  const wanted = groupKey(relatedKey(object, relation))
  return found.filter(({ key }) => groupKey(key) === wanted).map((one) => one.object)
}

/** Whether an object would load the relation at its next touch. What was asked for in part stays a part. */
function waitsFor(object: Mapped, relation: Relation): boolean {
  if (!isReady(object, relation)) return false
  if (isToMany(relation)) return manyOf(object, relation).items === undefined
  return knownOne(object, relation) === undefined
}

/**
 * Counts the related rows of an object and of its peers, in one statement.
 *
 * @example
 * await countWithPeers(alice, [bob, carol], User.relations.posts, session) // 2
 * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
 */
export async function countWithPeers(
  object: Mapped,
  peers: readonly Mapped[],
  relation: Relation,
  session: Owner,
): Promise<number> {
  const waiting = [object, ...peers.filter((peer) => waitsForCount(peer, relation))]
  const keys = keysOf(waiting, relation)
  const counts = await session.alone(`count ${relation.property}`, () =>
    fetchCounts(relation, keys, session),
  )
  const countOf = (one: Mapped) => counts.get(groupKey(relatedKey(one, relation))) ?? 0
  for (const one of waiting) manyOf(one, relation).count = countOf(one)
  return countOf(object)
}

function waitsForCount(object: Mapped, relation: Relation): boolean {
  if (!isReady(object, relation)) return false
  const { items, isPartial, count } = manyOf(object, relation)
  return count === undefined && (items === undefined || isPartial)
}

/**
 * Whether a relation of an object can be loaded without a word from it. In a mixed result its class may not have the relation;
 * an expired object would be read first, at a statement each; a strict one would refuse.
 */
const isReady = (object: Mapped, relation: Relation): boolean =>
  object instanceof relation.owner && !stateOf(object).isExpired && mayLoad(object)
