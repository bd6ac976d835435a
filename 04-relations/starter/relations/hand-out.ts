import { todo } from '#shared/todo'
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
  // TODO(5): the related key of each owner; without null and undefined; each key once, by its groupKey.
  return todo('Task 5: load a level at once')
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
  // TODO(5): group what was found by its key, and `remember` for each owner its group, with the options.
  // An owner without a group is remembered too, with nothing.
  todo('Task 5: load a level at once')
}

/** A key as a Map can compare it. */
export type GroupKey = string | number | bigint

/**
 * The same key for the same value, whatever the column that held it: 1 and 1n meet, 1 and '1' do not.
 * A Map compares objects by identity, so dates and bytes become text.
 */
export function groupKey(value: unknown): GroupKey {
  // TODO(5): a bigint that a number can hold becomes one (`narrowed`); dates and bytes become text.
  return todo('Task 5: load a level at once')
}

/**
 * Puts things with the same key together, in one walk over them. Each group keeps their order.
 *
 * @example
 * groupBy(posts, (post) => post.userId) // Map { 1 => [Post, Post], 2 => [Post] }
 */
export function groupBy<T>(things: Iterable<T>, keyOf: (thing: T) => unknown): Map<GroupKey, T[]> {
  // TODO(5): one walk, one Map. To look through the whole list for each key would take N × M steps.
  return todo('Task 5: load a level at once')
}
