import type { Column } from '../mapping/column.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { RelationError } from './errors.ts'
import { converted } from './key.ts'
import { knownObjects, knownOne, lastOne, type Many, manyOf, rememberOne } from './memory.ts'
import { inverseOf, isToMany, type RelatedClass, type Relation } from './relation.ts'

/** One foreign key as it is seen from both sides: `post.author` and `user.posts` are two views of `posts.user_id`. */
interface Bond {
  readonly foreignKey: Column
  /** The column that it points to. */
  readonly parentKey: Column
  /** `post.author`, when the child's class declares it. */
  readonly toParent: Relation | undefined
  /** `user.posts` or `user.profile`, when the parent's class declares it. */
  readonly toChildren: Relation | undefined
}

function bondOf(relation: Relation): Bond {
  const { kind, from, to } = relation
  const inverse = inverseOf(relation)
  return kind === 'belongsTo'
    ? { foreignKey: from, parentKey: to, toParent: relation, toChildren: inverse }
    : { foreignKey: to, parentKey: from, toParent: inverse, toChildren: relation }
}

/**
 * Assigns the one related object: `post.author = bob`, `user.profile = profile`.
 *
 * @throws {RelationError} when it is an object of another class
 */
export function assignOne(object: Mapped, relation: Relation, related: Mapped | null): void {
  if (related) checkClass(relation, related)
  const bond = bondOf(relation)
  if (relation.kind === 'belongsTo') moveChild(object, bond, related)
  else if (related) moveChild(related, bond, object)
  else releaseOnlyChild(object, relation, bond)
  if (related) tellSession(object, related)
}

/** What becomes a part of a session's object is the session's as well. */
function tellSession(object: Mapped, related: Mapped): void {
  stateOf(object).session?.hold(object)
  stateOf(object).session?.adopt(related)
}

/**
 * Adds to a collection: `user.posts.add(post)`, `post.tags.add(tag)`.
 *
 * @throws {RelationError} when it is an object of another class
 */
export function addRelated(owner: Mapped, relation: Relation, related: Mapped): void {
  checkClass(relation, related)
  if (relation.kind === 'hasMany') moveChild(related, bondOf(relation), owner)
  else addPair(owner, relation, related)
  tellSession(owner, related)
}

/** Removes from a collection. What is not in it stays as it is. */
export function removeRelated(owner: Mapped, relation: Relation, related: Mapped): void {
  if (relation.kind === 'hasMany') removeChild(owner, relation, related)
  else removePair(owner, relation, related)
  stateOf(owner).session?.hold(owner)
}

function removeChild(parent: Mapped, relation: Relation, child: Mapped): void {
  const bond = bondOf(relation)
  if (isChildOf(child, bond, parent)) moveChild(child, bond, null)
}

function addPair(owner: Mapped, relation: Relation, related: Mapped): void {
  const inverse = inverseOf(relation)
  put(manyOf(owner, relation), related)
  if (inverse) put(manyOf(related, inverse), owner)
}

function removePair(owner: Mapped, relation: Relation, related: Mapped): void {
  const inverse = inverseOf(relation)
  drop(manyOf(owner, relation), related)
  if (inverse) drop(manyOf(related, inverse), owner)
}

/** Everything that changes when a child goes to another parent, or to none. */
function moveChild(child: Mapped, bond: Bond, parent: Mapped | null): void {
  const { toParent, toChildren } = bond
  if (!parent && toChildren?.orphans === 'delete')
    stateOf(child).session?.orphan(child, bond.foreignKey)
  const before = toParent && lastOne(child, toParent)?.object
  if (before && before !== parent && toChildren) leave(before, toChildren, child)
  setForeignKey(child, bond, parent)
  if (toParent) rememberOne(child, toParent, parent)
  if (parent && toChildren) enter(parent, toChildren, child, bond)
}

function enter(parent: Mapped, toChildren: Relation, child: Mapped, bond: Bond): void {
  if (isToMany(toChildren)) put(manyOf(parent, toChildren), child)
  else enterAlone(parent, toChildren, child, bond)
}

function leave(parent: Mapped, toChildren: Relation, child: Mapped): void {
  if (isToMany(toChildren)) drop(manyOf(parent, toChildren), child)
  else rememberOne(parent, toChildren, null)
}

/** Who has room for one child lets the one before go. */
function enterAlone(parent: Mapped, toChildren: Relation, child: Mapped, bond: Bond): void {
  if (knownOne(parent, toChildren)?.object !== child) releaseOnlyChild(parent, toChildren, bond)
  rememberOne(parent, toChildren, child)
}

function releaseOnlyChild(parent: Mapped, toChildren: Relation, bond: Bond): void {
  const child = knownOne(parent, toChildren)?.object
  if (child) moveChild(child, bond, null)
  rememberOne(parent, toChildren, null)
}

/** A parent without a row has no key yet: who stands for it is kept in its place, until the flush knows the key. */
function setForeignKey(
  child: Mapped,
  { foreignKey, parentKey }: Bond,
  parent: Mapped | null,
): void {
  const key = parent && converted(Reflect.get(parent, parentKey.property), parentKey, foreignKey)
  Reflect.set(child, foreignKey.property, key)
  const state = stateOf(child)
  if (parent && key === undefined) {
    state.references ??= new Map()
    state.references.set(foreignKey, { target: parent, column: parentKey })
  } else state.references?.delete(foreignKey)
}

function isChildOf(child: Mapped, { foreignKey, parentKey, toParent }: Bond, parent: Mapped) {
  if (toParent && knownOne(child, toParent)?.object === parent) return true
  if (stateOf(child).references?.get(foreignKey)?.target === parent) return true
  const key = converted(Reflect.get(parent, parentKey.property), parentKey, foreignKey)
  return key !== undefined && key === Reflect.get(child, foreignKey.property)
}

/** Into a collection, loaded or not: what is not loaded stays so. */
function put(many: Many, object: Mapped): void {
  many.count = undefined
  const isBack = many.removed.delete(object)
  if (many.items?.has(object)) return
  many.items?.add(object)
  if (!(isBack && isWholeKnown(many))) many.added.add(object)
}

function drop(many: Many, object: Mapped): void {
  many.count = undefined
  const wasNew = many.added.delete(object)
  if (many.items && !many.items.delete(object) && isWholeKnown(many)) return
  if (!(wasNew && isWholeKnown(many))) many.removed.add(object)
}

const isWholeKnown = ({ items, isPartial }: Many) => items !== undefined && !isPartial

/** @throws {RelationError} when it is none of the relation's target */
function checkClass({ owner, property, target }: Relation, related: unknown): void {
  if (related instanceof target) return
  throw new RelationError(
    `${owner.table.name}.${property} takes records of ${target.table.name}, and was given ${show(related)}. ` +
      'This usually happens when a key is given instead of the object. Give the object, or set the foreign key itself.',
  )
}

const show = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `an object of ${value.constructor?.name ?? 'no class'}`
    : (JSON.stringify(value) ?? String(value))

/** The objects that are known to be related to this one. */
export function neighboursOf(object: Mapped): Mapped[] {
  const { relations } = object.constructor as RelatedClass
  if (!stateOf(object).related) return []
  return Object.values(relations).flatMap((relation) => knownObjects(object, relation))
}

/** Takes an object whose row is gone out of the collections that show it. */
export function leaveRelated(object: Mapped): void {
  const { relations } = object.constructor as RelatedClass
  for (const relation of Object.values(relations)) {
    const inverse = inverseOf(relation)
    if (!inverse || relation.kind === 'hasMany' || relation.kind === 'hasOne') continue
    for (const other of knownObjects(object, relation))
      if (isToMany(inverse)) forgetRow(manyOf(other, inverse), object)
      else rememberOne(other, inverse, null)
  }
}

function forgetRow(many: Many, gone: Mapped): void {
  many.items?.delete(gone)
  many.added.delete(gone)
  many.count = undefined
}
