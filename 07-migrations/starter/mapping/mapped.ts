import type { Connection, Value } from '#shared/driver/driver'
import type { Column } from './column.ts'
import type { MappedType } from './inheritance.ts'

/**
 * Where an object stands between the program and the database.
 *
 * ```text
 *              add             flush              delete + flush
 * transient ────────▶ pending ────────▶ persistent ────────▶ deleted
 *                                         │    ▲
 *                                 expunge ▼    │ add, find
 *                                        detached
 * ```
 */
export type Status = 'transient' | 'pending' | 'persistent' | 'deleted' | 'detached'

/** What an object needs of the session that it belongs to. The folders below session/ know no more of it. */
export interface Owner {
  readonly connection: Connection
  /** The objects of rows that `selectClass` gives: those that are known already, and new ones for the others. */
  materialize(
    type: MappedType,
    rows: readonly (readonly Value[])[],
    options?: { readonly isFresh: boolean },
  ): Mapped[]
  /** The object of a row that is known already, by the value of its key. */
  known(type: MappedType, key: Value): Mapped | undefined
  /** Reads the row of an object again. */
  refresh(object: Mapped): void
  /** Hears that the program may be changing an object: from now on it must not be collected. */
  hold(object: Mapped): void
  /** Hears that an object has become related to one of its own. */
  adopt(object: Mapped): void
  /** Hears that an object has lost a parent without which it is not to live. */
  orphan(object: Mapped, foreignKey: Column): void
}

/** The key of an object that gets it when it is stored. */
export interface Reference {
  readonly target: Mapped
  /** The column of the target that holds the key. */
  readonly column: Column
}

/** One for all: an array for each new object would only be thrown away. */
const noRow: readonly Value[] = Object.freeze([])

/** What the ORM remembers of one object. Mutable: it changes with every load and flush. */
export class InstanceState {
  status: Status = 'transient'
  /** The snapshot: the row as it was last read or written, in the database's own values. */
  row: readonly Value[] = noRow
  /** The session that the object belongs to, while it is pending or persistent. */
  session: Owner | undefined = undefined
  /** What is known of the related objects, by property. Made at the first touch: most objects never need it. */
  related: Record<string, unknown> | undefined = undefined
  /** Foreign keys whose values do not exist yet, because the object pointed to has no row. As a row it is never changed in place. */
  references: ReadonlyMap<Column, Reference> | undefined = undefined
  /** The row may be out of date: it is read again before the object is used. */
  isExpired = false
  /** Whether its relations refuse to load by themselves. */
  isStrict = false
  /** The values of the properties, while accessors stand in their place. */
  values: unknown[] | undefined = undefined
}

/** The root of every mapped class. The state is private, so that it shows neither in console.log nor in JSON. */
export class Mapped {
  readonly #state = new InstanceState()

  static stateOf(object: Mapped): InstanceState {
    return object.#state
  }
}

export const stateOf: (object: Mapped) => InstanceState = Mapped.stateOf

/** Whether the database has a row for the object. */
export const hasRow = (object: Mapped): boolean => {
  const { status } = stateOf(object)
  return status === 'persistent' || status === 'detached'
}
