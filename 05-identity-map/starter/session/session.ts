import type { Connection, Value } from '#shared/driver/driver'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { hasRow, type Status, stateOf } from '../mapping/mapped.ts'
import type { Key } from '../mapping/types.ts'
import { expire } from '../mapping/watched.ts'
import type { Selection } from '../query/columns.ts'
import { loadRelated } from '../relations/loader.ts'
import { forgetRelated } from '../relations/memory.ts'
import type { Wanted } from '../relations/plan.ts'
import type { RelatedClass } from '../relations/relation.ts'
import type { ShapeOf, With } from '../relations/types.ts'
import type { Entity } from './entity.ts'
import { EntityQuery } from './entity-query.ts'
import { NotFoundError, ObjectStateError } from './errors.ts'
import { findObject, keyValues } from './find.ts'
import { changesOf, remove, save } from './save.ts'
import { admit, leave, leaveAll } from './states.ts'
import { type Identity, Workspace } from './workspace.ts'

/** A class whose objects a session loads and stores. */
type EntityType = MappedType<Entity> & RelatedClass & { readonly c: object }
type ColumnsOf<C extends EntityType> = C['c'] extends Selection ? C['c'] : never
type KeyOf<C extends EntityType> = Key<ShapeOf<InstanceType<C>>>

export interface SessionOptions {
  /**
   * How objects are held that nobody has changed. `'strong'`, the default: until the session ends, as long as a request lasts.
   * `'weak'`: as long as the program holds them, for sessions that live long.
   */
  readonly identity?: Identity
}

/**
 * Stands between the program and the database: it loads objects and stores them, and gives one object for each row.
 *
 * @example
 * const session = new Session(connection)
 * const one = session.find(User, 1) // SELECT id, name, … FROM users WHERE id = ?
 * const two = session.find(User, 1) // nothing is sent
 * one === two // true
 *
 * @see https://martinfowler.com/eaaCatalog/identityMap.html
 */
export class Session {
  readonly #workspace: Workspace

  constructor(connection: Connection, { identity = 'strong' }: SessionOptions = {}) {
    this.#workspace = new Workspace(connection, identity)
  }

  get connection(): Connection {
    return this.#workspace.connection
  }

  // Reading

  /**
   * The object with this key, or undefined. When the session has it already, nothing is sent.
   *
   * @example
   * session.find(User, 1) // SELECT id, name, … FROM users WHERE id = ?
   * session.find(User, 1) // the same object; nothing is sent
   * session.find(PostTag, { postId: 1, tagId: 2 })
   */
  find<C extends EntityType>(
    type: C,
    key: KeyOf<C>,
    { with: wanted }: { readonly with?: With<InstanceType<C>> } = {},
  ): InstanceType<C> | undefined {
    this.#workspace.check('find an object')
    const values = keyValues(type, key, this.connection.dialect)
    const object = findObject(type, values, this.#workspace)
    if (object && wanted) loadRelated([object], wanted as Wanted, type, this.#workspace)
    return object as InstanceType<C> | undefined
  }

  /**
   * The object with this key.
   *
   * @throws {NotFoundError} when there is none
   */
  get<C extends EntityType>(
    type: C,
    key: KeyOf<C>,
    options?: { readonly with?: With<InstanceType<C>> },
  ): InstanceType<C> {
    const object = this.find(type, key, options)
    if (!object) throw new NotFoundError((type as unknown as { name: string }).name, key)
    return object
  }

  /**
   * Begins a query for objects of a class and of those that inherit from it.
   *
   * @example
   * session.query(User).where((u) => u.age.gt(18)).with({ posts: true }).all()
   * // SELECT id, name, … FROM users WHERE age > ?
   * // SELECT id, title, … FROM posts WHERE user_id IN (?, ?)
   */
  query<C extends EntityType>(type: C): EntityQuery<InstanceType<C>, ColumnsOf<C>> {
    return new EntityQuery(this.#workspace, type)
  }

  /**
   * Loads relations of objects that are at hand: one statement for each relation on each level.
   *
   * @example
   * session.load(users, { posts: { comments: true } })
   * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
   * // SELECT … FROM comments WHERE post_id IN (?, ?, …)
   */
  load<T extends Entity>(objects: readonly T[], wanted: With<T>): void {
    this.#workspace.check('load relations')
    for (const type of new Set(objects.map(typeOf))) {
      const group = objects.filter((object) => typeOf(object) === type)
      loadRelated(group, wanted as Wanted, type as MappedType & RelatedClass, this.#workspace)
    }
  }

  /**
   * Reads the row of an object again. What was changed and not saved is lost, and its relations are read again at the next touch.
   *
   * @example
   * session.refresh(user) // SELECT id, name, … FROM users WHERE id = ?
   *
   * @throws {LostRowError} when the row is not there any more
   * @throws {ObjectStateError} when the object is not a stored one of this session
   */
  refresh(object: Entity): void {
    this.#checkStored('refresh', object)
    this.#workspace.refresh(object)
  }

  /**
   * Says that rows may have changed behind the session: each object is read again when it is touched next.
   * What was changed and not saved is lost.
   *
   * @param object without it, every object of the session
   */
  expire(object?: Entity): void {
    if (object) this.#checkStored('expire', object)
    for (const one of object ? [object] : this.#workspace.objects) {
      this.#workspace.release(one)
      expire(one)
      forgetRelated(one)
    }
  }

  // States

  /** Where an object stands: transient, persistent, deleted or detached. */
  stateOf(object: Entity): Status {
    return stateOf(object).status
  }

  /** Whether the object belongs to this session. */
  contains(object: Entity): boolean {
    return stateOf(object).session === this.#workspace
  }

  /** The session forgets an object: it is detached then. What was changed in it is not saved. */
  expunge(object: Entity): void {
    if (!this.contains(object))
      throw new ObjectStateError(
        'expunge',
        object,
        'not in this session',
        'Ask session.contains() first.',
      )
    leave(object, 'detached', this.#workspace)
  }

  /** The session forgets every object. What was changed in them is not saved. */
  clear(): void {
    leaveAll(this.#workspace)
  }

  /** Ends the session: every object is detached. */
  close(): void {
    if (this.#workspace.isClosed) return
    this.clear()
    this.#workspace.isClosed = true
  }

  [Symbol.dispose](): void {
    this.close()
  }

  // Writing: at once, one statement for one object

  /**
   * Stores an object: a new one as a new row, a stored one by the columns that changed. A detached one comes back with it.
   *
   * @example
   * const user = new User({ name: 'Bob', email: 'bob@example.com' })
   * session.save(user) // INSERT INTO users (name, email, …) VALUES (?, ?, …)
   * user.name = 'Robert'
   * session.save(user) // UPDATE users SET name = ? WHERE id = ?
   * session.save(user) // nothing is sent
   *
   * @throws {OtherSessionError} when it belongs to another session
   * @throws {DuplicateObjectError} when the session has another object for its row
   * @throws {IdentityChangeError} when its key, or its class, was changed
   * @throws {LostRowError} when its row is not there any more
   */
  save(object: Entity): void {
    this.#workspace.check('save an object')
    admit(object, this.#workspace)
    save(object, this.#workspace)
  }

  /**
   * Ends the row of an object. The object keeps its values.
   *
   * @example
   * session.delete(user) // DELETE FROM users WHERE id = ?
   *
   * @throws {ObjectStateError} when it is not a stored one of this session
   * @throws {LostRowError} when its row is not there any more
   */
  delete(object: Entity): void {
    this.#checkStored('delete', object)
    remove(object, this.#workspace)
  }

  /**
   * What has changed in a stored object since it was read or written, as `[stored, current]` in the database's own values.
   *
   * @example
   * user.name = 'Robert'
   * session.changes(user) // { name: ['Bob', 'Robert'] }
   */
  changes(object: Entity): Record<string, [stored: Value, current: Value]> {
    const { row } = stateOf(object)
    const changes = hasRow(object) ? changesOf(object, this.connection.dialect) : []
    return Object.fromEntries(
      changes.map(({ column, value }) => [column.property, [row[column.index] ?? null, value]]),
    )
  }

  #checkStored(doing: string, object: Entity): void {
    this.#workspace.check(`${doing} an object`)
    const { status } = stateOf(object)
    if (!this.contains(object) || status !== 'persistent')
      throw new ObjectStateError(
        doing,
        object,
        status,
        'Only stored objects of this session have a row to read.',
      )
  }
}
