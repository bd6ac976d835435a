import { todo } from '#shared/todo'
import { type Mapped, type Owner, stateOf } from '../mapping/mapped.ts'
import { groupKey, handOut, keysOf } from './hand-out.ts'
import { relatedKey } from './key.ts'
import { fetchCounts, fetchRelated } from './loader.ts'
import { knownOne, manyOf } from './memory.ts'
import { isToMany, type Relation } from './relation.ts'
import { mayLoad } from './strict.ts'

/**
 * Reads the related objects of one object, and with them those of all its peers that will ask next:
 * a loop over a list that touches a relation sends one statement, not one for each object.
 *
 * @param peers the objects that came in the same result
 *
 * @example
 * const users = session.query(User).all() // SELECT … FROM users
 * loadWithPeers(alice, [bob, carol], User.relations.posts, session) // [Post, Post]
 * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
 * // and the posts of Bob and Carol are loaded as well
 */
export function loadWithPeers(
  object: Mapped,
  peers: readonly Mapped[],
  relation: Relation,
  session: Owner,
): readonly Mapped[] {
  // TODO(5): the peers that wait for the relation too (`waitsFor`) are loaded in the same statement: `fetchRelated` with the
  // keys of all, the object's among them. `handOut` gives the peers what was found. The object's own are the answer:
  // those that were found under its own `relatedKey`. Keys of two types are compared as `groupKey`.
  return todo('Task 5: load for all peers')
}

/** Whether an object would load the relation at its next touch. What was asked for in part stays a part. */
function waitsFor(object: Mapped, relation: Relation): boolean {
  if (!isReady(object, relation)) return false
  // TODO(5): what is known already must not be read again: `manyOf` has no items yet, or `knownOne` knows of nobody.
  return todo('Task 5: load for all peers')
}

/**
 * Counts the related rows of an object and of its peers, in one statement.
 *
 * @example
 * countWithPeers(alice, [bob, carol], User.relations.posts, session) // 2
 * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
 */
export function countWithPeers(
  object: Mapped,
  peers: readonly Mapped[],
  relation: Relation,
  session: Owner,
): number {
  const waiting = [object, ...peers.filter((peer) => waitsForCount(peer, relation))]
  const counts = fetchCounts(relation, keysOf(waiting, relation), session)
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
