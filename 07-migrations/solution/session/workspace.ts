import type { Connection, Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { expire } from '../mapping/watched.ts'
import type { QuerySession } from './entity-query.ts'
import { LostRowError, SessionClosedError } from './errors.ts'
import { selectByKey } from './find.ts'
import { keyOfValues } from './identity-key.ts'
import { IdentityMap } from './identity-map.ts'
import { materialize, overwrite } from './materialize.ts'
import { rowReader } from './row-reader.ts'
import { addAll } from './states.ts'
import { Transaction } from './transaction.ts'
import { UnitOfWork } from './unit-of-work.ts'
import { WeakObjects } from './weak-objects.ts'

/** How a session holds objects that nobody has changed. */
export type Identity = 'strong' | 'weak'

/** The session as its objects see it: what they ask of it, and what they tell it. */
export class Workspace implements QuerySession {
  readonly connection: Connection
  readonly objects: IdentityMap
  readonly work: UnitOfWork
  readonly transaction: Transaction
  readonly isWeak: boolean
  isClosed = false

  constructor(connection: Connection, identity: Identity) {
    this.connection = connection
    this.transaction = new Transaction(connection)
    this.isWeak = identity === 'weak'
    this.objects = new IdentityMap(this.isWeak ? () => new WeakObjects() : () => new Map())
    this.work = new UnitOfWork(this.objects, { isWeak: this.isWeak })
  }

  check(doing: string): void {
    if (this.isClosed) throw new SessionClosedError(doing)
  }

  materialize(
    type: MappedType,
    rows: readonly (readonly Value[])[],
    options?: { isFresh: boolean },
  ): Mapped[] {
    return materialize(type, rows, this, options)
  }

  known(type: MappedType, key: Value): Mapped | undefined {
    const object = this.objects.of(type.mapping.root.table).get(keyOfValues([key]))
    return object instanceof type ? object : undefined
  }

  refresh(object: Mapped): void {
    this.check('read an object again')
    const type = typeOf(object)
    const { row } = stateOf(object)
    const key = type.mapping.table.primaryKey.map(({ index }) => row[index] ?? null)
    const [found] = selectByKey(type, key, this.connection)
    if (!found) throw new LostRowError(object, 'SELECT')
    overwrite(object, rowReader(type)(found), this)
  }

  /** What is read inside a transaction may show what a rollback takes back: it is read again then. */
  arrived(objects: readonly Mapped[]): void {
    if (objects.length === 0 || !this.transaction.isOpen) return
    const remembered = this.isWeak ? objects.map((object) => new WeakRef(object)) : objects
    this.transaction.log.push(() => {
      for (const one of remembered) {
        const object = one instanceof WeakRef ? one.deref() : one
        if (object && stateOf(object).status === 'persistent') expire(object)
      }
    })
  }

  hold(object: Mapped): void {
    if (this.isWeak && stateOf(object).status === 'persistent') this.work.held.add(object)
  }

  release(object: Mapped): void {
    this.work.held.delete(object)
  }

  adopt(object: Mapped): void {
    addAll([object], this)
  }

  orphan(object: Mapped, foreignKey: Column): void {
    this.work.orphans.set(object, foreignKey)
  }
}
