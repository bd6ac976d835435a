import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { type Bond, bondOf, isChildOf, setForeignKey } from './bond.ts'
import { RelationError } from './errors.ts'
import { drop, put } from './members.ts'
import { knownOne, lastOne, manyOf, rememberOne } from './memory.ts'
import { inverseOf, isToMany, type Relation } from './relation.ts'

/**
 * Assigns the one related object: `post.author = bob`, `user.profile = profile`.
 *
 * @throws {RelationError} when it is an object of another class, or the relation is a view
 */
export function assignOne(object: Mapped, relation: Relation, related: Mapped | null): void {
  if (relation.latestBy) throw new RelationError(viewOnly(relation))
  if (related !== null) checkClass(relation, related)
  const bond = bondOf(relation)
  if (relation.kind === 'belongsTo') moveChild(object, bond, related)
  else if (related) moveChild(related, bond, object)
  else releaseOnlyChild(object, relation, bond)
  if (related) stateOf(object).session?.adopt(related)
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
  stateOf(owner).session?.adopt(related)
}

/** Removes from a collection. What is not in it stays as it is. */
export function removeRelated(owner: Mapped, relation: Relation, related: Mapped): void {
  if (relation.kind === 'hasMany') removeChild(owner, relation, related)
  else removePair(owner, relation, related)
}

function removeChild(parent: Mapped, relation: Relation, child: Mapped): void {
  const bond = bondOf(relation)
  if (!isChildOf(child, bond, parent)) return
  leave(parent, relation, child) // the child may not know its parent yet
  moveChild(child, bond, null)
}

function addPair(owner: Mapped, relation: Relation, related: Mapped): void {
  const inverse = inverseOf(relation)
  holdFor(owner)
  put(manyOf(owner, relation), related)
  if (inverse) put(manyOf(related, inverse), owner)
}

function removePair(owner: Mapped, relation: Relation, related: Mapped): void {
  const inverse = inverseOf(relation)
  holdFor(owner)
  drop(manyOf(owner, relation), related)
  if (inverse) drop(manyOf(related, inverse), owner)
}

/** Pairs are a change of the object, though none of its columns tells. */
const holdFor = (object: Mapped) => stateOf(object).session?.hold(object)

/**
 * Everything that changes when a child goes to another parent, or to none: the foreign key, the child's own property,
 * and what both parents show.
 */
function moveChild(child: Mapped, bond: Bond, parent: Mapped | null): void {
  const { toParent, toChildren, foreignKey } = bond
  if (!parent && toChildren?.orphans) stateOf(child).session?.orphan(child, foreignKey)
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

/** @throws {RelationError} when it is none of the relation's target */
function checkClass({ owner, property, target }: Relation, related: unknown): void {
  if (related instanceof target) return
  throw new RelationError(
    `${owner.table.name}.${property} takes objects of ${target.table.name}, and was given ${show(related)}. ` +
      'This usually happens when a key is given instead of the object. Give the object, or set the foreign key itself.',
  )
}

const viewOnly = ({ owner, property, target }: Relation) =>
  `${owner.table.name}.${property} is the latest of several, which no assignment decides. ` +
  `This usually happens when it is taken for the relation itself. Add to the collection of ${target.table.name}, or set the foreign key.`

const show = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `an object of ${value.constructor?.name ?? 'no class'}`
    : (JSON.stringify(value) ?? String(value))
