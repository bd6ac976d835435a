import { todo } from '#shared/todo'
import type { Mapped } from '../mapping/mapped.ts'
import type { IdentityKey } from './identity-key.ts'
import type { ObjectsByKey } from './identity-map.ts'

/**
 * Objects by key that the map alone does not keep alive: what the program has let go of, and nobody has changed, may be collected.
 * What has been changed is held until it is written, or the change would vanish with the object.
 *
 * @see https://tc39.es/ecma262/#sec-weak-ref-objects
 */
export class WeakObjects implements ObjectsByKey {
  readonly #references = new Map<IdentityKey, WeakRef<Mapped>>()
  /** Removes the entry of an object that was collected: without it the map would grow for ever, one empty reference a row. */
  readonly #cleanUp = new FinalizationRegistry<IdentityKey>((key) => {
    if (this.#references.get(key)?.deref() === undefined) this.#references.delete(key)
  })

  get(key: IdentityKey): Mapped | undefined {
    // TODO(6): a WeakRef gives its object by deref(), or undefined when the object was collected.
    return todo('Task 6: hold on weakly')
  }

  set(key: IdentityKey, object: Mapped): void {
    // TODO(6): remember a WeakRef, never the object itself. `#cleanUp` has to hear when the object is collected.
    todo('Task 6: hold on weakly')
  }

  delete(key: IdentityKey): void {
    // TODO(6): the entry goes, and nobody waits for the end of its object any more.
    todo('Task 6: hold on weakly')
  }

  *values(): Iterable<Mapped> {
    // TODO(6): the objects that are still there.
    yield todo('Task 6: hold on weakly')
  }

  get size(): number {
    return this.#references.size
  }
}
