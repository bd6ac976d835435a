import type { Column } from '../mapping/column.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import type { IdentityMap } from './identity-map.ts'

/**
 * What the program has asked for and the database has not heard of yet. Which objects have changed is not kept:
 * that is found out at the flush, by comparing them with their snapshots.
 *
 * @see https://martinfowler.com/eaaCatalog/unitOfWork.html
 */
export class UnitOfWork {
  readonly objects: IdentityMap
  readonly isWeak: boolean
  /** To be inserted, in the order in which they were added. */
  pending = new Set<Mapped>()
  /** To be deleted. */
  deleted = new Set<Mapped>()
  /** Children that have lost a parent without which they are not to live, and the foreign keys that pointed to it. */
  orphans = new Map<Mapped, Column>()
  /** In a weak session: objects that may have changed, and must not be collected before they are written. */
  held = new Set<Mapped>()

  constructor(objects: IdentityMap, { isWeak }: { isWeak: boolean }) {
    this.objects = objects
    this.isWeak = isWeak
  }

  /** The stored objects that may have changed. An expired one has not: it would have been read at the first touch. */
  candidates(): readonly Mapped[] {
    const found: Mapped[] = []
    for (const object of this.isWeak ? this.held : this.objects)
      if (!stateOf(object).isExpired) found.push(object)
    return found
  }

  forget(object: Mapped): void {
    for (const objects of [this.pending, this.deleted, this.orphans, this.held])
      objects.delete(object)
  }

  clear(): void {
    for (const objects of [this.pending, this.deleted, this.orphans, this.held]) objects.clear()
  }

  /** Gives a function that brings back what is asked for now: what was added since is transient again. */
  remember(): () => void {
    const [pending, deleted, orphans, held] = [
      [...this.pending],
      [...this.deleted],
      [...this.orphans],
      [...this.held],
    ]
    return () => {
      const added = this.pending
      this.pending = new Set(pending)
      this.deleted = new Set(deleted)
      this.orphans = new Map(orphans)
      this.held = new Set(held)
      for (const object of added)
        if (!this.pending.has(object)) Object.assign(stateOf(object), transient)
    }
  }
}

const transient = { status: 'transient', session: undefined } as const
