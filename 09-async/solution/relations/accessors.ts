import type { Mapped } from '../mapping/mapped.ts'
import { assignOne } from './both-sides.ts'
import { Collection } from './collection.ts'
import { RelationError } from './errors.ts'
import { checkIdle } from './idle.ts'
import { lazyCount, lazyLoad } from './lazy.ts'
import { manyOf, remember } from './memory.ts'
import { type Pending, pending } from './pending.ts'
import { isToMany, type RelatedClass, type Relation } from './relation.ts'
import { readOne } from './to-one.ts'

/**
 * Makes a relation a property of every object of a class. It stands on the prototype and not in the object, so
 * JSON.stringify, console.log and deepEqual do not see it, and load nothing.
 *
 * @see https://martinfowler.com/eaaCatalog/lazyLoad.html
 */
export function defineRelation(prototype: object, property: string): void {
  Object.defineProperty(prototype, property, {
    configurable: true,
    enumerable: false,
    get(this: Mapped) {
      const relation = relationOn(this, property)
      return isToMany(relation) ? readMany(this, relation) : readOne(this, relation)
    },
    set(this: Mapped, related: Mapped | null) {
      const relation = relationOn(this, property)
      if (isToMany(relation)) throw new RelationError(notAssignable(relation))
      checkIdle(this, related)
      assignOne(this, relation, related)
    },
  })
}

/** Bound at the first touch of any object: then every class that a declaration names exists. */
const relationOn = (object: Mapped, property: string): Relation =>
  (object.constructor as RelatedClass).relations[property]!

/** The collection where it is loaded, and otherwise what can be awaited for it. Adding and removing need no loading. */
function readMany(object: Mapped, relation: Relation): Collection<unknown> | Pending<unknown> {
  const collection = collectionOf(object, relation)
  if (collection.isLoaded) return collection
  return pending(object, relation, () => loadMany(object, relation), {
    isLoaded: false,
    add: (...related: unknown[]) => collection.add(...related),
    remove: (...related: unknown[]) => collection.remove(...related),
    count: async () => manyOf(object, relation).count ?? lazyCount(object, relation),
  })
}

async function loadMany(object: Mapped, relation: Relation): Promise<Collection<unknown>> {
  const collection = collectionOf(object, relation)
  if (!collection.isLoaded) remember(object, relation, await lazyLoad(object, relation))
  return collection
}

const collections = new WeakMap<Mapped, Map<string, Collection<unknown>>>()

/** `user.posts` is the same collection every time. */
function collectionOf(object: Mapped, relation: Relation): Collection<unknown> {
  const known = collections.get(object) ?? new Map()
  collections.set(object, known)
  if (!known.has(relation.property)) known.set(relation.property, new Collection(object, relation))
  return known.get(relation.property)
}

const notAssignable = ({ owner, property }: Relation) =>
  `${owner.table.name}.${property} is a collection, which is not assigned. ` +
  `This usually happens when the whole list is to be replaced. Say what changes: ${property}.add(…) and ${property}.remove(…), or ${property}.clear().`
