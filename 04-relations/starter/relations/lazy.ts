import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { NotLoadedError } from './errors.ts'
import { groupKey } from './hand-out.ts'
import { isNothing, relatedKey } from './key.ts'
import { fetchCounts, fetchRelated } from './loader.ts'
import type { RelatedClass, Relation } from './relation.ts'
import { mayLoad } from './strict.ts'

/**
 * Reads the related objects of one object, at the first touch of the property.
 *
 * @example
 * lazyLoad(user, User.relations.posts) // [Post, Post]
 * // SELECT id, title, … FROM posts WHERE user_id = ?
 *
 * @throws {NotLoadedError} when strict loading forbids it
 */
export function lazyLoad(object: Mapped, relation: Relation): readonly Mapped[] {
  if (!mayLoad(object)) throw new NotLoadedError(nameOf(object), relation.property)
  const keys = keysToAsk(object, relation)
  return fetchRelated(relation, keys, relation.target.connection).map(({ object }) => object)
}

/**
 * Counts the related rows of one object.
 *
 * @throws {NotLoadedError} when strict loading forbids it
 */
export function lazyCount(object: Mapped, relation: Relation): number {
  const { property, target } = relation
  if (!mayLoad(object))
    throw new NotLoadedError(nameOf(object), property, `withCount({ ${property}: true })`)
  const [key] = keysToAsk(object, relation)
  if (key === undefined) return 0
  return fetchCounts(relation, [key], target.connection).get(groupKey(key)) ?? 0
}

/** Null points to nobody. Asked for, it would be `IS NULL`, and find the rows that belong to nobody. */
const keysToAsk = (object: Mapped, relation: Relation): unknown[] =>
  [relatedKey(object, relation)].filter((key) => !isNothing(key))

/** `User#1` */
function nameOf(object: Mapped): string {
  const { name, table } = object.constructor as RelatedClass & { readonly name: string }
  const key = table.primaryKey.map(({ index }) => String(stateOf(object).row[index] ?? 'new'))
  return `${name || table.name}#${key.join(',')}`
}
