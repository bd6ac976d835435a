import type { Mapped } from '../mapping/mapped.ts'
import type { Table } from '../mapping/table.ts'
import type { IdentityKey } from './identity-key.ts'

/** The objects of one table by their key: a Map, or something that behaves like one and lets go. */
export interface ObjectsByKey {
  get(key: IdentityKey): Mapped | undefined
  set(key: IdentityKey, object: Mapped): unknown
  delete(key: IdentityKey): unknown
  values(): Iterable<Mapped>
  readonly size: number
}

/**
 * One row, one object: the objects of a session, by table and primary key.
 * The table is that of the class at the top, because a row does not change its identity with the class it is read as.
 *
 * @see https://martinfowler.com/eaaCatalog/identityMap.html
 */
export class IdentityMap {
  readonly #tables = new Map<Table, ObjectsByKey>()
  readonly #makeMap: () => ObjectsByKey

  constructor(makeMap: () => ObjectsByKey = () => new Map()) {
    this.#makeMap = makeMap
  }

  /** The objects of one table, to be asked many times while a result is read. */
  of(table: Table): ObjectsByKey {
    const known = this.#tables.get(table)
    if (known) return known
    const objects = this.#makeMap()
    this.#tables.set(table, objects)
    return objects
  }

  get size(): number {
    return [...this.#tables.values()].reduce((sum, objects) => sum + objects.size, 0)
  }

  clear(): void {
    this.#tables.clear()
  }

  *[Symbol.iterator](): Iterator<Mapped> {
    for (const objects of this.#tables.values()) yield* objects.values()
  }
}
