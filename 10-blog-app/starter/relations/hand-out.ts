import type { Mapped } from '../mapping/mapped.ts'
import { isNothing, narrowed, relatedKey } from './key.ts'
import { remember } from './memory.ts'
import type { Relation } from './relation.ts'

/** An object that was read, and the key of the owners to which it belongs. */
export interface Found {
  readonly key: unknown
  readonly object: Mapped
}

/** The keys to ask for: each once, and none for owners that point to nothing. */
export function keysOf(owners: readonly Mapped[], relation: Relation): unknown[] {
  const keys = owners.map((owner) => relatedKey(owner, relation)).filter((key) => !isNothing(key))
  return [...new Map(keys.map((key) => [groupKey(key), key])).values()]
}

/**
 * Gives each owner the objects that were found for it. Who has none gets none, and is loaded all the same:
 * otherwise it would ask again at the first touch.
 *
 * @example
 * handOut(users, User.relations.posts, [{ key: 1, object: post }]) // the first user has one post, the others have none
 */
export function handOut(
  owners: readonly Mapped[],
  relation: Relation,
  found: readonly Found[],
  options?: { isPartial: boolean },
): void {
  const groups = groupBy(found, ({ key }) => key)
  for (const owner of owners) {
    const key = relatedKey(owner, relation)
    const group = isNothing(key) ? [] : (groups.get(groupKey(key)) ?? [])
    remember(
      owner,
      relation,
      group.map(({ object }) => object),
      options,
    )
  }
}

/** A key as a Map can compare it. */
export type GroupKey = string | number | bigint

/**
 * The same key for the same value, whatever the column that held it: 1 and 1n meet, 1 and '1' do not.
 * A Map compares objects by identity, so dates and bytes become text.
 */
export function groupKey(value: unknown): GroupKey {
  if (typeof value !== 'object') return narrowed(value) as GroupKey
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  // Null: a child whose key the program has emptied. It belongs to nobody, and nobody asks for it.
  return (value as Date | null)?.toISOString() as GroupKey
}

/**
 * Puts things with the same key together, in one walk over them. Each group keeps their order.
 *
 * @example
 * groupBy(posts, (post) => post.userId) // Map { 1 => [Post, Post], 2 => [Post] }
 */
export function groupBy<T>(things: Iterable<T>, keyOf: (thing: T) => unknown): Map<GroupKey, T[]> {
  const groups = new Map<GroupKey, T[]>()
  for (const thing of things) {
    const key = groupKey(keyOf(thing))
    const group = groups.get(key)
    if (group) group.push(thing)
    else groups.set(key, [thing])
  }
  return groups
}
