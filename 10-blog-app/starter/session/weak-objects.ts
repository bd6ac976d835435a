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
    return this.#references.get(key)?.deref()
  }

  set(key: IdentityKey, object: Mapped): void {
    this.#references.set(key, new WeakRef(object))
    this.#cleanUp.register(object, key, object)
  }

  delete(key: IdentityKey): void {
    const object = this.get(key)
    if (object) this.#cleanUp.unregister(object)
    this.#references.delete(key)
  }

  *values(): Iterable<Mapped> {
    for (const reference of this.#references.values()) {
      const object = reference.deref()
      if (object) yield object
    }
  }

  get size(): number {
    return this.#references.size
  }
}
