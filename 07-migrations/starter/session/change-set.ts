import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { dehydrate, encode, isSame, isStored } from '../mapping/hydrate.ts'
import { type Mapping, mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, type Reference, stateOf } from '../mapping/mapped.ts'
import { manyOf } from '../relations/memory.ts'
import {
  inverseOf,
  isPaired,
  type PairedRelation,
  type RelatedClass,
} from '../relations/relation.ts'
import { IdentityChangeError } from './errors.ts'
import type { Assignment } from './statements.ts'
import type { UnitOfWork } from './unit-of-work.ts'

// Step 1 of a flush: what has changed, as plain values. Nothing here knows a connection.

/** One thing that a flush does to the database. */
export type Change = RowChange | Pairing

/** What happens to the row of an object. */
export type RowChange = Insert | Update | Delete

/** A new row. */
export interface Insert {
  readonly kind: 'insert'
  readonly object: Mapped
  readonly mapping: Mapping
  /** The row to be. The database completes it: what is undefined here is left out of the statement. */
  readonly row: (Value | undefined)[]
  readonly references: References
}

/** Some columns of a row that is there. */
export interface Update {
  readonly kind: 'update'
  readonly object: Mapped
  readonly mapping: Mapping
  readonly assignments: readonly Assignment[]
  readonly references: References
  /** Columns whose old values an earlier statement of the flush lets go. */
  readonly released?: ReadonlySet<Column>
  /** Whether it comes beside the change of the object, to break a circle: before it, or after. */
  readonly detour?: 'before' | 'after'
}

/** The end of a row. */
export interface Delete {
  readonly kind: 'delete'
  readonly object: Mapped
  readonly mapping: Mapping
  /** Columns whose old values an earlier statement of the flush lets go. */
  readonly released?: ReadonlySet<Column>
}

/** A row of a junction comes (link) or goes (unlink). */
export interface Pairing {
  readonly kind: 'link' | 'unlink'
  readonly relation: PairedRelation
  readonly object: Mapped
  readonly target: Mapped
}

/** Foreign keys whose values are known only when the rows that they point to are stored. */
export type References = ReadonlyMap<Column, Reference>

const none: References = new Map()

/**
 * Everything that a flush has to write. Nothing changed, nothing to write: the list is empty.
 *
 * @throws {InvalidValueError} when a property holds what its column does not take
 * @throws {IdentityChangeError} when the key of an object, or its class, was changed
 */
export function changeSet(work: UnitOfWork, dialect: Dialect): Change[] {
  const changes: Change[] = []
  for (const object of work.pending) add(object, insertFor(object, dialect))
  for (const object of work.candidates())
    if (!work.deleted.has(object)) add(object, updateFor(object, dialect))
  for (const object of work.deleted) add(object, deleteFor(object))
  return changes

  function add(object: Mapped, change: RowChange | undefined): void {
    if (change) changes.push(change)
    for (const pairing of pairingsFor(object, work)) changes.push(pairing)
  }
}

function insertFor(object: Mapped, dialect: Dialect): Insert {
  const mapping = mappingOf(object)
  const row = dehydrate(mapping, object, dialect)
  const references = openReferences(object)
  return { kind: 'insert', object, mapping, row, references }
}

/**
 * The columns whose values differ from the snapshot; undefined when there is none.
 * Compared are the values that the database would get, so a change inside a Date, JSON or bytes is seen.
 *
 * @throws {IdentityChangeError} when the key, or the class, was changed
 */
export function updateFor(object: Mapped, dialect: Dialect): Update | undefined {
  const mapping = mappingOf(object)
  const assignments = changedColumns(object, mapping, dialect)
  const references = openReferences(object)
  if (assignments.length === 0 && references.size === 0) return undefined
  refuseIdentity(object, assignments)
  const { version } = mapping
  if (version) assignments.push(nextVersion(version, stateOf(object).row))
  return { kind: 'update', object, mapping, assignments, references }
}

/** Column by column: what the database would get now, beside what it holds. The version is nobody's to change. */
function changedColumns(object: Mapped, { columns }: Mapping, dialect: Dialect): Assignment[] {
  const { row, references: open } = stateOf(object)
  const properties = object as unknown as Record<string, unknown>
  const assignments: Assignment[] = []
  for (const column of columns) {
    const value = properties[column.property]
    const stored = row[column.index] ?? null
    if (column.isVersion || (value === undefined && open?.has(column))) continue
    if (isStored(column, value, stored)) continue
    const now = encode(column, value, dialect)
    if (!isSame(column, now, stored)) assignments.push({ column, value: now })
  }
  return assignments
}

/** Every update counts, so that an update from an old copy is noticed. */
const nextVersion = (column: Column, row: readonly Value[]): Assignment => ({
  column,
  value: Number(row[column.index]) + 1,
})

/**
 * The pairs that were added to the collections of an object and removed from them, as far as the session has both objects.
 * A pair with an object that is about to go is not worth to be begun.
 */
function pairingsFor(object: Mapped, { deleted }: UnitOfWork): readonly Pairing[] {
  const { session, related } = stateOf(object)
  if (!related) return noPairs
  return pairedRelationsOf(object).flatMap((relation) => {
    const { added, removed } = manyOf(object, relation)
    const begun = deleted.has(object) ? [] : [...added].filter((target) => !deleted.has(target))
    return [...pairings('link', relation, begun), ...pairings('unlink', relation, removed)]
  })

  function pairings(
    kind: Pairing['kind'],
    relation: PairedRelation,
    targets: Iterable<Mapped>,
  ): Pairing[] {
    const managed = [...targets].filter((target) => stateOf(target).session === session)
    return managed.map((target) => ({ kind, relation, object, target }))
  }
}

const noPairs: readonly Pairing[] = []

/** Both sides of a relation know of a pair. When both are declared, the one that the junction names first speaks for it. */
const pairedRelationsOf = (object: Mapped): PairedRelation[] =>
  Object.values((object.constructor as RelatedClass).relations)
    .filter(isPaired)
    .filter(
      (relation) =>
        inverseOf(relation) === undefined || relation.to.index < relation.junction.toTarget.index,
    )

const deleteFor = (object: Mapped): Delete => ({
  kind: 'delete',
  object,
  mapping: mappingOf(object),
})

/** A foreign key that the program has set itself counts more than the object that stood for it. */
function openReferences(object: Mapped): References {
  const { references } = stateOf(object)
  if (!references || references.size === 0) return none
  const properties = object as unknown as Record<string, unknown>
  return new Map([...references].filter(([{ property }]) => properties[property] === undefined))
}

function refuseIdentity(object: Mapped, assignments: readonly Assignment[]): void {
  for (const { column, value } of assignments)
    if (column.isPrimaryKey || column.discriminator)
      throw new IdentityChangeError(object, column.property, value)
}
