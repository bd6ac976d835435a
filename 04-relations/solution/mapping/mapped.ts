import type { Value } from '#shared/driver/driver'

/** Where an object stands: not in the database yet, in it, or not any more. */
export type Status = 'new' | 'persisted' | 'deleted'

/** What the ORM remembers of one object. Mutable: it changes with every save. */
export class InstanceState {
  status: Status = 'new'
  /** The snapshot: the row as it was last read or written, in the database's own values. */
  row: readonly Value[] = []
  /** What is known of the related objects, by property. Made at the first touch: most objects never need it. */
  related: Record<string, unknown> | undefined
  /** Whether its relations refuse to load by themselves. */
  isStrict = false
}

/** The root of every mapped class. The state is private, so that it shows neither in console.log nor in JSON. */
export class Mapped {
  readonly #state = new InstanceState()

  static stateOf(object: Mapped): InstanceState {
    return object.#state
  }
}

export const stateOf: (object: Mapped) => InstanceState = Mapped.stateOf
