import type { Connection, Value } from '#shared/driver/driver'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import type { QuerySession } from './entity-query.ts'
import { LostRowError, SessionClosedError } from './errors.ts'
import { selectByKey } from './find.ts'
import { keyOfValues } from './identity-key.ts'
import { IdentityMap } from './identity-map.ts'
import { materialize, overwrite } from './materialize.ts'
import { rowReader } from './row-reader.ts'
import { WeakObjects } from './weak-objects.ts'

/** How a session holds objects that nobody has changed. */
export type Identity = 'strong' | 'weak'

/** The session as its objects see it: what they ask of it, and what they tell it. */
export class Workspace implements QuerySession {
  readonly connection: Connection
  readonly objects: IdentityMap
  readonly isWeak: boolean
  /** In a weak session: objects that may have changed, and must not be collected before they are saved. */
  readonly held = new Set<Mapped>()
  isClosed = false

  constructor(connection: Connection, identity: Identity) {
    this.connection = connection
    this.isWeak = identity === 'weak'
    this.objects = new IdentityMap(this.isWeak ? () => new WeakObjects() : () => new Map())
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

  hold(object: Mapped): void {
    if (this.isWeak && stateOf(object).status === 'persistent') this.held.add(object)
  }

  release(object: Mapped): void {
    this.held.delete(object)
  }
}
