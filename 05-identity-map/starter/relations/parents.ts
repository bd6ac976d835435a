import { hasRow, type Mapped } from '../mapping/mapped.ts'
import { UnsavedRelatedError } from './errors.ts'
import { converted } from './key.ts'
import { knownOne, rememberOne } from './memory.ts'
import type { RelatedClass, Relation } from './relation.ts'

/**
 * Takes the foreign keys of an object from the objects that it was given: a parent that was new then has its key now.
 *
 * @example
 * const dan = new User({ name: 'Dan', email: 'dan@example.com' })
 * const post = new Post({ title: 'Hello', content: '…', author: dan }) // no userId yet: dan has none
 * dan.save()
 * followParents(post) // post.userId is dan.id
 *
 * @throws {UnsavedRelatedError} when a parent has no row yet
 */
export function followParents(child: Mapped): void {
  const { relations } = child.constructor as RelatedClass
  for (const relation of Object.values(relations)) {
    const parent = relation.kind === 'belongsTo' && knownOne(child, relation)?.object
    if (parent) follow(child, relation, parent)
  }
}

function follow(child: Mapped, relation: Relation, parent: Mapped): void {
  const { from, to, owner, property, target } = relation
  if (!hasRow(parent)) throw new UnsavedRelatedError(owner.table.name, property, target.table.name)
  Reflect.set(child, from.property, converted(Reflect.get(parent, to.property), to, from))
  rememberOne(child, relation, parent)
}
