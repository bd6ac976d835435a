import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import type { Mapping } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import type { Change, Insert, Pairing, RowChange, Update } from './change-set.ts'
import type { Row } from './statements.ts'
import {
  type Constraint,
  constraintsOf,
  type Held,
  heldIn,
  type UniqueValue,
  uniqueValue,
} from './unique-values.ts'

// Step 2 of a flush, first half: which change has to come before which other. Nothing here knows a connection.

/** Why one change waits for another. */
export interface Dependency {
  readonly on: Change
  /**
   * - `reference`: it points to the row that the other brings
   * - `unique`: it takes a unique value that the other lets go
   * - `pointed to`: it ends a row to which the other still points
   * - `same row`: the other is a detour of the same object
   */
  readonly reason: 'reference' | 'unique' | 'pointed to' | 'same row'
  /** The column that has to do with the value, in the row that could let it go. */
  readonly column: Column | undefined
}

/** By value: the changes that do something to it, and the column of their row that holds it. */
type Index = Map<UniqueValue, { readonly change: Change; readonly column: Column }[]>

const nothing: readonly Dependency[] = []
const none: readonly Change[] = []

/**
 * What the changes of one flush have to do with each other. Rows meet in values: a key that one change brings and others
 * point to, a unique value that one change lets go and another takes.
 */
export class Dependencies {
  readonly #changes: readonly Change[]
  #insertsByObject: Map<Mapped, Insert> | undefined
  readonly #detours = new Map<Mapped, Update[]>()
  /** Keys that come, as far as they are known before the flush. */
  readonly #brought: Index = new Map()
  /** Unique values that go. */
  readonly #freed: Index = new Map()
  /** Values to which fewer rows will point. */
  readonly #released: Index = new Map()

  constructor(changes: readonly Change[]) {
    this.#changes = changes
    const pointedTo = pointedToBy(changes)
    for (const change of changes) {
      if (change.kind === 'update' && change.detour === 'before')
        this.#detours.set(change.object, [...(this.#detours.get(change.object) ?? []), change])
      this.#index(change, pointedTo)
    }
  }

  /** The changes that have to come before a change. */
  before(change: Change): readonly Change[] {
    const dependencies = this.of(change)
    return dependencies.length === 0 ? none : dependencies.map(({ on }) => on)
  }

  /** What a change waits for, and why. */
  of(change: Change): readonly Dependency[] {
    if (isPairing(change) || this.#isFree(change)) return nothing
    const { unique, foreign } = constraintsOf(change.mapping)
    const [before, after] = [oldValues(change), newValues(change)]
    const byValue = [
      ...lookUp(this.#brought, heldIn(after, foreign), 'reference'),
      ...lookUp(this.#freed, heldIn(after, unique), 'unique'),
      ...lookUp(this.#released, heldIn(before, unique), 'pointed to'),
    ]
    return [
      ...this.#ofReferences(change),
      ...byValue.filter(({ on }) => on !== change),
      ...this.#ofDetours(change),
    ]
  }

  /** Made at the first question: in most flushes nothing waits for an insert. */
  get #inserts(): ReadonlyMap<Mapped, Insert> {
    const inserts = () => this.#changes.filter((change) => change.kind === 'insert')
    this.#insertsByObject ??= new Map(inserts().map((insert) => [insert.object, insert]))
    return this.#insertsByObject
  }

  #index(change: Change, pointedTo: (mapping: Mapping) => readonly Constraint[]): void {
    if (isPairing(change)) add(this.#released, change, pointersOf(change))
    else this.#indexRow(change, pointedTo)
  }

  #indexRow(change: RowChange, pointedTo: (mapping: Mapping) => readonly Constraint[]): void {
    const { unique, foreign } = constraintsOf(change.mapping)
    const keys = pointedTo(change.mapping)
    if (keys.length > 0) add(this.#brought, change, heldIn(newValues(change), keys))
    if (change.kind === 'insert' || !meetsOthers(change)) return
    add(this.#freed, change, heldIn(oldValues(change), unique))
    add(this.#released, change, heldIn(oldValues(change), foreign))
  }

  /** A short cut for the many changes that have nothing to do with any other. */
  #isFree(change: RowChange): boolean {
    if (this.#detours.size > 0) return false
    if (change.kind === 'delete') return this.#released.size === 0
    if (change.references.size > 0 || (change.kind === 'update' && change.detour)) return false
    if (change.kind === 'update') return !meetsOthers(change)
    return this.#brought.size === 0 && this.#freed.size === 0
  }

  #ofReferences(change: RowChange): Dependency[] {
    if (change.kind === 'delete') return []
    return [...change.references].flatMap(([column, { target }]) =>
      dependency(this.#inserts.get(target), 'reference', column),
    )
  }

  /** A detour before the change of its object, or after its insert. */
  #ofDetours(change: RowChange): Dependency[] {
    const detour = change.kind === 'update' ? change.detour : undefined
    if (detour === 'after')
      return dependency(this.#inserts.get(change.object), 'same row', undefined)
    const before = detour ? [] : (this.#detours.get(change.object) ?? [])
    return before.flatMap((on) => dependency(on, 'same row', undefined))
  }
}

const dependency = (
  on: Change | undefined,
  reason: Dependency['reason'],
  column: Column | undefined,
): Dependency[] => (on ? [{ on, reason, column }] : [])

/** What is waited for, by value. A reference can be left open on the side that waits, everything else on the other. */
const lookUp = (index: Index, held: readonly Held[], reason: Dependency['reason']): Dependency[] =>
  index.size === 0
    ? []
    : held.flatMap(({ value, column: own }) =>
        (index.get(value) ?? []).map(({ change: on, column }) => ({
          on,
          reason,
          column: reason === 'reference' ? own : column,
        })),
      )

function add(index: Index, change: Change, held: readonly Held[]): void {
  for (const { value, column } of held) {
    const entries = index.get(value)
    if (entries) entries.push({ change, column })
    else index.set(value, [{ change, column }])
  }
}

const isPairing = (change: Change): change is Pairing =>
  change.kind === 'link' || change.kind === 'unlink'

/** Whether an update touches a column in which rows meet. */
const meetsOthers = (change: RowChange): boolean =>
  change.kind !== 'update' ||
  change.assignments.some(({ column }) => column.isUnique || column.reference !== undefined) ||
  change.references.size > 0

/** Which unique values of a class can be pointed to by any of the changes. Each class is looked at once. */
function pointedToBy(changes: readonly Change[]): (mapping: Mapping) => readonly Constraint[] {
  const mappings = new Set<Mapping>()
  for (const change of changes) if (!isPairing(change)) mappings.add(change.mapping)
  const names = new Set(
    [...mappings].flatMap((mapping) => constraintsOf(mapping).foreign.map(({ name }) => name)),
  )
  const found = new Map(
    [...mappings].map((mapping) => [
      mapping,
      constraintsOf(mapping).unique.filter(({ name }) => names.has(name)),
    ]),
  )
  return (mapping) => found.get(mapping)!
}

/** A pair that ends points to both of its objects no more. */
function pointersOf({ kind, relation, object, target }: Pairing): Held[] {
  if (kind === 'link') return []
  const { from, to, junction } = relation
  return [pointer(object, from, to), pointer(target, junction.targetKey, junction.toTarget)]
}

const pointer = (object: Mapped, key: Column, column: Column): Held => ({
  value: uniqueValue(`${key.table}.${key.name}`, [stateOf(object).row[key.index] ?? null]),
  column,
})

/** The values that a change writes, each in the place of its column; the other places are empty. */
function newValues(change: RowChange): Row {
  if (change.kind === 'insert') return change.row
  const row: (Value | undefined)[] = []
  if (change.kind === 'update')
    for (const { column, value } of change.assignments) row[column.index] = value
  return row
}

/** The values that a change overwrites or ends, as far as they are still there. */
function oldValues(change: RowChange): Row {
  if (change.kind === 'insert') return []
  const { row } = stateOf(change.object)
  const columns = change.kind === 'delete' ? change.mapping.table.columns : columnsOf(change)
  const old: (Value | undefined)[] = []
  for (const column of columns)
    if (!change.released?.has(column)) old[column.index] = row[column.index]
  return old
}

const columnsOf = ({ assignments, references }: Update): Column[] => [
  ...assignments.map(({ column }) => column),
  ...references.keys(),
]
