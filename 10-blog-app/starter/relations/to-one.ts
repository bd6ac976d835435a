import type { Mapped } from '../mapping/mapped.ts'
import { isNothing, relatedKey } from './key.ts'
import { lazyLoad } from './lazy.ts'
import { knownOne, remember } from './memory.ts'
import { type Pending, pending } from './pending.ts'
import type { Relation } from './relation.ts'
import { noteRead } from './usage.ts'

/**
 * The one related object where it is known, and otherwise what can be awaited for it. It counts as long as the key is what it was.
 *
 * @example
 * await readOne(post, Post.relations.author) // User
 * // SELECT id, name, … FROM users WHERE id = $1
 * readOne(post, Post.relations.editor) // null: there is no key to look for, so nothing is sent
 */
export function readOne(
  object: Mapped,
  relation: Relation,
): Mapped | null | Pending<Mapped | null> {
  noteRead(object, relation)
  const known = knownOne(object, relation)
  if (known) return known.object
  if (isNothing(relatedKey(object, relation))) return null
  return pending(object, relation, () => loadOne(object, relation))
}

async function loadOne(object: Mapped, relation: Relation): Promise<Mapped | null> {
  const known = knownOne(object, relation)
  if (known) return known.object
  const found = await lazyLoad(object, relation)
  remember(object, relation, found)
  return found[0] ?? null
}
