import { hasRow, type Mapped, stateOf } from '../mapping/mapped.ts'
import { fromValue } from './key.ts'
import { inverseOf, isToMany, type RelatedClass, type Relation } from './relation.ts'

// What an object knows of its related objects. Nothing here loads.

/** Of a relation to one object. */
export interface One {
  readonly object: Mapped | null
  /**
   * What `from` held when the object was read or assigned. When it holds something else now, this is out of date.
   * Undefined: there was no key yet, because an object is new; until there is one, the object counts.
   */
  readonly key: unknown
}

/** Of a relation to several objects. Mutable. */
export interface Many {
  /** Undefined: not loaded. Empty: loaded, and there are none. */
  items: Set<Mapped> | undefined
  /** Whether only some of them were asked for. */
  isPartial: boolean
  /** What the program added and the rows do not say yet. */
  readonly added: Set<Mapped>
  /** What the program removed and the rows still say. */
  readonly removed: Set<Mapped>
  /** How many rows there are, when only that was asked for. */
  count: number | undefined
}

/** The one related object, as far as it is known; undefined when it is not known, or out of date. */
export function knownOne(object: Mapped, relation: Relation): One | undefined {
  const one = lastOne(object, relation)
  if (!one || one.key === undefined) return one
  return one.key === fromValue(object, relation) ? one : undefined
}

/** The related object that was known last, out of date or not. */
export const lastOne = (object: Mapped, { property }: Relation): One | undefined =>
  stateOf(object).related?.[property] as One | undefined

export function rememberOne(object: Mapped, relation: Relation, related: Mapped | null): void {
  relatedOf(object)[relation.property] = { object: related, key: fromValue(object, relation) }
}

/** A new object has no rows that point to it, so its collections need no loading. */
export function manyOf(object: Mapped, { property }: Relation): Many {
  const known = stateOf(object).related?.[property] as Many | undefined
  if (known) return known
  const many: Many = {
    items: hasRow(object) ? undefined : new Set(),
    isPartial: false,
    added: new Set(),
    removed: new Set(),
    count: undefined,
  }
  relatedOf(object)[property] = many
  return many
}

/**
 * Keeps what was read for one object, and tells the related objects, where they have it as their one:
 * `post.author` of each post that was read for a user is this user.
 */
export function remember(
  owner: Mapped,
  relation: Relation,
  found: readonly Mapped[],
  { isPartial = false } = {},
): void {
  if (isToMany(relation)) fill(owner, relation, found, isPartial)
  else rememberOne(owner, relation, found[0] ?? null)
  const inverse = inverseOf(relation)
  if (inverse && !isToMany(inverse)) for (const one of found) rememberOne(one, inverse, owner)
  if (stateOf(owner).isStrict) for (const one of found) stateOf(one).isStrict = true
}

/** The rows, and what the program has added and removed since. */
function fill(
  owner: Mapped,
  relation: Relation,
  found: readonly Mapped[],
  isPartial: boolean,
): void {
  const many = manyOf(owner, relation)
  many.items = new Set(isChanged(many) ? found.filter((one) => !many.removed.has(one)) : found)
  for (const one of many.added) many.items.add(one)
  many.isPartial = isPartial
  if (!isPartial && isChanged(many)) settle(owner, relation, shownBy(new Set(found), many))
}

const isChanged = ({ added, removed }: Many): boolean => added.size > 0 || removed.size > 0

/** The changes that the rows show already: what was added is there, what was removed is not. */
const shownBy = (rows: ReadonlySet<Mapped>, { added, removed }: Many): Mapped[] => [
  ...[...added].filter((one) => rows.has(one)),
  ...[...removed].filter((one) => !rows.has(one)),
]

/** What the rows show is no change any more, on neither side. */
function settle(owner: Mapped, relation: Relation, changed: readonly Mapped[]): void {
  const inverse = inverseOf(relation)
  for (const one of changed) {
    forgetChange(manyOf(owner, relation), one)
    if (inverse && isToMany(inverse)) forgetChange(manyOf(one, inverse), owner)
  }
}

function forgetChange({ added, removed }: Many, object: Mapped): void {
  added.delete(object)
  removed.delete(object)
}

export function isLoaded(object: Mapped, relation: Relation): boolean {
  if (!isToMany(relation)) return knownOne(object, relation) !== undefined
  const { items, isPartial } = manyOf(object, relation)
  return items !== undefined && !isPartial
}

/** What is known of the related objects, as a list. */
export function knownObjects(object: Mapped, relation: Relation): readonly Mapped[] {
  if (isToMany(relation)) return [...(manyOf(object, relation).items ?? [])]
  const one = knownOne(object, relation)?.object
  return one ? [one] : []
}

/**
 * What the object has in common with others is stored: nothing is added or removed any more, and an object that stood for a
 * key stands for its own.
 *
 * @returns a function that takes it back
 */
export function settleRelated(object: Mapped): () => void {
  const state = stateOf(object)
  const { related } = state
  const { relations } = object.constructor as RelatedClass
  state.related = withEach(related, (known, property) =>
    settled(object, relations[property]!, known),
  )
  return () => {
    state.related = related
  }
}

/** What belongs to no session is not stored, and waits. */
function settled(object: Mapped, relation: Relation, known: One | Many): One | Many {
  if (!isMany(known))
    return known.key === undefined ? { ...known, key: fromValue(object, relation) } : known
  const added = [...known.added].filter((one) => !hasRow(one))
  return { ...known, added: new Set(added), removed: new Set() }
}

/** Gives a function that brings back what is known now. */
export function rememberRelated(object: Mapped): () => void {
  const state = stateOf(object)
  const now = withEach(state.related, copied)
  return () => {
    state.related = now
  }
}

/** What is known of each relation, after a change of each. */
const withEach = (
  related: Record<string, unknown> | undefined,
  change: (known: One | Many, property: string) => One | Many,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(related ?? {}).map(([property, known]) => [
      property,
      change(known as One | Many, property),
    ]),
  )

const copied = (known: One | Many): One | Many =>
  isMany(known)
    ? {
        ...known,
        items: known.items && new Set(known.items),
        added: new Set(known.added),
        removed: new Set(known.removed),
      }
    : known

const isMany = (known: One | Many): known is Many => 'added' in known

/** Everything is read again at the next touch. */
export function forgetRelated(object: Mapped): void {
  stateOf(object).related = undefined
}

function relatedOf(object: Mapped): Record<string, unknown> {
  const state = stateOf(object)
  state.related ??= {}
  return state.related
}
