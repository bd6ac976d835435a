import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { identityKey } from './identity-key.ts'
import type { IdentityMap } from './identity-map.ts'

// Who came together. Objects of one result are likely to be used together: what one of them needs, the others will need too.

/**
 * Each object of a result remembers the keys of all of them: one list, which they share.
 * Keys keep nobody alive, so an object that is held weakly can be collected though its peers remember it.
 */
export function rememberPeers(objects: readonly Mapped[]): void {
  if (objects.length < 2) return
  const keys = [...new Set(objects.map(keyOf))]
  for (const object of objects) stateOf(object).peers = keys
}

const keyOf = (object: Mapped) => identityKey(mappingOf(object).root.table, stateOf(object).row)

/** The other objects of the last result that an object came in, as far as the session still has them; none when it came alone. */
export function peersOf(object: Mapped, objects: IdentityMap): Mapped[] {
  const known = objects.of(mappingOf(object).root.table)
  return (stateOf(object).peers ?? []).flatMap((key) => {
    const peer = known.get(key)
    return peer && peer !== object ? [peer] : []
  })
}
