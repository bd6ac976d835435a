import type { Mapped, Owner } from '../mapping/mapped.ts'
import { nameOf } from '../mapping/name-of.ts'
import { ownerOf } from '../mapping/owner.ts'
import { NotLoadedError } from './errors.ts'
import { groupKey, keysOf } from './hand-out.ts'
import { relatedKey } from './key.ts'
import { fetchCounts, fetchRelated } from './loader.ts'
import type { Relation } from './relation.ts'
import { mayLoad } from './strict.ts'

/**
 * Reads the related objects of one object, at the first touch of the property.
 *
 * @example
 * lazyLoad(user, User.relations.posts) // [Post, Post]
 * // SELECT id, title, … FROM posts WHERE user_id = ?
 *
 * @throws {NotLoadedError} when strict loading forbids it
 * @throws {DetachedError} when the object belongs to no session
 */
export function lazyLoad(object: Mapped, relation: Relation): readonly Mapped[] {
  const { property } = relation
  const session = sessionFor(object, property, `with({ ${property}: true })`)
  const wanted = relatedKey(object, relation)
  return fetchRelated(relation, keysOf([object], relation), session)
    .filter(({ key }) => groupKey(key) === groupKey(wanted))
    .map(({ object }) => object)
}

/**
 * Counts the related rows of one object.
 *
 * @throws {NotLoadedError} when strict loading forbids it
 * @throws {DetachedError} when the object belongs to no session
 */
export function lazyCount(object: Mapped, relation: Relation): number {
  const { property } = relation
  const session = sessionFor(object, property, `withCount({ ${property}: true })`)
  const key = relatedKey(object, relation)
  return (
    fetchCounts(relation, keysOf([object], relation), session.connection).get(groupKey(key)) ?? 0
  )
}

function sessionFor(object: Mapped, property: string, cure: string): Owner {
  const advice = `Find it again in a session, or load ${property} while it has one: ${cure}.`
  const session = ownerOf(object, property, advice)
  if (!mayLoad(object)) throw new NotLoadedError(nameOf(object), property, cure)
  return session
}
