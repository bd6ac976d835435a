import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { forgetMember } from './members.ts'
import { knownObjects, knownOne, manyOf, rememberOne } from './memory.ts'
import { inverseOf, isToMany, type RelatedClass } from './relation.ts'

/** The objects that are known to be related to this one. */
export function neighboursOf(object: Mapped): Mapped[] {
  if (!stateOf(object).related) return []
  const { relations } = object.constructor as RelatedClass
  return Object.values(relations).flatMap((relation) => knownObjects(object, relation))
}

/** Takes an object whose row is gone out of the collections that show it. */
export function leaveRelated(object: Mapped): void {
  const { relations } = object.constructor as RelatedClass
  for (const relation of Object.values(relations)) {
    const inverse = inverseOf(relation)
    if (!inverse || relation.kind === 'hasMany' || relation.kind === 'hasOne') continue
    for (const other of knownObjects(object, relation)) {
      forgetLatest(other, object)
      if (isToMany(inverse)) forgetMember(manyOf(other, inverse), object)
      else rememberOne(other, inverse, null)
    }
  }
}

/** Which one is the latest now has to be read. */
function forgetLatest(owner: Mapped, gone: Mapped): void {
  const { relations } = owner.constructor as RelatedClass
  for (const relation of Object.values(relations))
    if (relation.latestBy && knownOne(owner, relation)?.object === gone)
      Reflect.deleteProperty(stateOf(owner).related!, relation.property)
}
