import type { Value } from '#shared/driver/driver'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, type Peers, stateOf } from '../mapping/mapped.ts'
import type { Table } from '../mapping/table.ts'
import { type IdentityKey, identityKey } from './identity-key.ts'
import type { IdentityMap } from './identity-map.ts'

// Who came together. Objects of one result are likely to be used together: what one of them needs, the others will need too.

/**
 * The keys of one result, and no objects: so an object that is held weakly can be collected though its peers remember it.
 * They are worked out when somebody asks: most results never load a relation by themselves.
 */
class Result implements Peers {
  readonly #table: Table
  #rows: readonly (readonly Value[])[]
  #keys: readonly IdentityKey[] | undefined

  constructor(table: Table, rows: readonly (readonly Value[])[]) {
    this.#table = table
    this.#rows = rows
  }

  get keys(): readonly IdentityKey[] {
    this.#keys ??= [...new Set(this.#rows.map((row) => identityKey(this.#table, row)))]
    this.#rows = []
    return this.#keys
  }
}

/** Each object of a result remembers it. It costs one property for each, and one list for all of them. */
export function rememberPeers(
  objects: readonly Mapped[],
  rows: readonly (readonly Value[])[],
  { isWeak }: { readonly isWeak: boolean },
): void {
  if (objects.length < 2) return
  const result = new Result(mappingOf(objects[0]!).root.table, rows)
  if (isWeak) result.keys // the rows are not to stay because one of their objects does
  for (const object of objects) stateOf(object).peers = result
}

/** The other objects of the last result that an object came in, as far as the session still has them; none when it came alone. */
export function peersOf(object: Mapped, objects: IdentityMap): Mapped[] {
  const known = objects.of(mappingOf(object).root.table)
  return (stateOf(object).peers?.keys ?? []).flatMap((key) => {
    const peer = known.get(key)
    return peer && peer !== object ? [peer] : []
  })
}
