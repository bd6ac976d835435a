import type { Mapped } from '../mapping/mapped.ts'
import { groupBy, groupKey } from './group.ts'
import { isNothing, relatedKey } from './key.ts'
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
