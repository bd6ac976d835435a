import type { Mapped } from '../mapping/mapped.ts'
import { isNothing, relatedKey } from './key.ts'
import { lazyLoad } from './lazy.ts'
import { knownOne, remember } from './memory.ts'
import type { Relation } from './relation.ts'

/**
 * The one related object, read at the first touch and remembered. It counts as long as the key is what it was.
 *
 * @example
 * readOne(post, Post.relations.author) // User
 * // SELECT id, name, … FROM users WHERE id = ?
 * readOne(post, Post.relations.editor) // null: there is no key to look for, so nothing is sent
 *
 * @throws {NotLoadedError} when it is not loaded and strict loading forbids loading it
 */
export function readOne(object: Mapped, relation: Relation): Mapped | null {
  const known = knownOne(object, relation)
  if (known) return known.object
  if (isNothing(relatedKey(object, relation))) return null
  const found = lazyLoad(object, relation)
  remember(object, relation, found)
  return found[0] ?? null
}
