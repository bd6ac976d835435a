import type { Connection, Value } from '#shared/driver/driver'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { type Status, stateOf } from '../mapping/mapped.ts'
import type { Key } from '../mapping/types.ts'
import { expire } from '../mapping/watched.ts'
import type { Selection } from '../query/columns.ts'
import { loadRelated } from '../relations/loader.ts'
import { forgetRelated } from '../relations/memory.ts'
import type { Wanted } from '../relations/plan.ts'
import type { RelatedClass } from '../relations/relation.ts'
import type { ShapeOf, With } from '../relations/types.ts'
import { Busy } from './busy.ts'
import { updateFor } from './change-set.ts'
import type { Entity } from './entity.ts'
import { EntityQuery } from './entity-query.ts'
import { NotFoundError, ObjectStateError } from './errors.ts'
import { explain } from './explain.ts'
import { findObject, keyValues } from './find.ts'
import { type FlushContext, flush } from './flush.ts'
import { Listeners, type SessionEvent } from './listeners.ts'
import type { SessionOptions } from './options.ts'
import { addAll, discard, expunge, expungeAll, markDeleted } from './states.ts'
import type { Transaction } from './transaction.ts'
import { Workspace } from './workspace.ts'

export type { SessionOptions } from './options.ts'

/** A class whose objects a session loads and stores. */
type EntityType = MappedType<Entity> & RelatedClass & { readonly c: object }
type ColumnsOf<C extends EntityType> = C['c'] extends Selection ? C['c'] : never
type KeyOf<C extends EntityType> = Key<ShapeOf<InstanceType<C>>>

/**
 * Stands between the program and the database. It gives one object for each row (identity map), and remembers what is to be
 * written, until `flush` or `commit` writes all of it at once (unit of work).
 *
 * @example
 * const session = new Session(connection)
 * const user = session.get(User, 1)
 * user.name = 'Alicia'
 * session.add(new Post({ title: 'New', content: '…', author: user }))
 * session.commit()
 * // BEGIN
 * // INSERT INTO posts (title, content, …, user_id) VALUES (?, ?, …, ?)
 * // UPDATE users SET name = ? WHERE id = ?
 * // COMMIT
 *
 * @see https://martinfowler.com/eaaCatalog/unitOfWork.html
 */
export class Session {
  readonly #workspace: Workspace
  readonly #transaction: Transaction
  readonly #listeners = new Listeners<Session>()
  readonly #busy = new Busy()

  constructor(connection: Connection, options: SessionOptions = {}) {
    this.#workspace = new Workspace(connection, options)
    this.#transaction = this.#workspace.transaction
    if (options.cache) this.#listeners.add('afterCommit', () => this.#workspace.committed())
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
    if (object && this.#workspace.work.deleted.has(object)) return undefined
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
   * Reads the row of an object again. What was changed and not flushed is lost, and its relations are read again at the next touch.
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
   * What was changed and not flushed is lost.
   *
   * @param object without it, every object of the session
   */
  expire(object?: Entity): void {
    if (object) this.#checkStored('expire', object)
    for (const one of object ? [object] : this.#workspace.objects) {
      this.#workspace.work.forget(one)
      expire(one)
      forgetRelated(one)
    }
  }

  // States

  /** Where an object stands: transient, pending, persistent, deleted or detached. */
  stateOf(object: Entity): Status {
    return stateOf(object).status
  }

  /** Whether the object belongs to this session. */
  contains(object: Entity): boolean {
    return stateOf(object).session === this.#workspace
  }

  /** The session forgets an object: a stored one is detached then, a new one transient. What was changed in it is not written. */
  expunge(object: Entity): void {
    if (!this.contains(object))
      throw new ObjectStateError(
        'expunge',
        object,
        'not in this session',
        'Ask session.contains() first.',
      )
    expunge(object, this.#workspace)
  }

  /** The session forgets every object. What was not flushed is not written. */
  clear(): void {
    expungeAll(this.#workspace)
  }

  /** Ends the session: an open transaction is rolled back, every object is detached. */
  close(): void {
    if (this.#workspace.isClosed) return
    this.#busy.refuseInside('close the session')
    if (this.#transaction.isOpen) this.#transaction.rollback()
    this.clear()
    this.#workspace.isClosed = true
  }

  [Symbol.dispose](): void {
    this.close()
  }

  // The unit of work

  /**
   * Marks new objects to be inserted, together with what they are related to. Nothing is sent before `flush` or `commit`.
   * A detached object comes back into the session with it.
   *
   * @throws {OtherSessionError} when an object belongs to another session
   * @throws {DuplicateObjectError} when the session has another object for the row
   */
  add(...objects: Entity[]): void {
    this.#workspace.check('add an object')
    addAll(objects, this.#workspace)
  }

  /**
   * Marks an object to be deleted. Nothing is sent before `flush` or `commit`.
   *
   * @throws {ObjectStateError} when it is not in the session
   */
  delete(object: Entity): void {
    this.#workspace.check('delete an object')
    markDeleted(object, this.#workspace)
  }

  /** The objects that the next flush inserts. */
  get new(): Entity[] {
    return [...this.#workspace.work.pending] as Entity[]
  }

  /** The objects that the next flush updates: those that differ from their snapshots. */
  get dirty(): Entity[] {
    const { work } = this.#workspace
    return [...work.candidates()].filter(
      (object) => !work.deleted.has(object) && this.isDirty(object as Entity),
    ) as Entity[]
  }

  /** The objects that the next flush deletes. */
  get deleted(): Entity[] {
    return [...this.#workspace.work.deleted] as Entity[]
  }

  /** Whether a stored object differs from its snapshot. */
  isDirty(object: Entity): boolean {
    return updateFor(object, this.connection.dialect) !== undefined
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
    const assignments = updateFor(object, this.connection.dialect)?.assignments ?? []
    return Object.fromEntries(
      assignments
        .filter(({ column }) => !column.isVersion)
        .map(({ column, value }) => [column.property, [row[column.index] ?? null, value]]),
    )
  }

  /**
   * What the next flush would do: the state of each object, and the statements in their order. Nothing is sent.
   *
   * @example
   * console.log(session.explain())
   */
  explain(): string {
    return explain(this.#context)
  }

  /**
   * Writes everything that has changed, and begins a transaction for it that stays open until `commit` or `rollback`.
   * When it fails, the database and every object are as they were before. When nothing has changed, nothing is sent.
   *
   * @throws {LostRowError} when a row is not there any more
   * @throws {StaleObjectError} when a row with a version was changed by somebody else
   * @throws {FlushOrderError} when changes wait for each other in a circle
   * @throws {DatabaseError} when the database refuses a statement
   */
  flush(): void {
    this.#workspace.check('flush')
    this.#busy.whileFlushing(() => this.#workspace.wrote(flush(this.#context)))
  }

  /**
   * Flushes, and makes everything since the transaction began lasting.
   *
   * @example
   * session.commit()
   * // BEGIN, INSERT …, UPDATE …, DELETE …, COMMIT
   */
  commit(): void {
    this.#workspace.check('commit')
    this.#busy.refuseInside('commit')
    this.flush()
    if (!this.#transaction.isOpen) return
    this.#commitOrUndo()
    this.#listeners.tell('afterCommit', this)
  }

  /**
   * Takes back everything since the transaction began, in the database and in memory: what was inserted is transient again,
   * what was deleted is there again, changed properties have the values that they had.
   */
  rollback(): void {
    this.#workspace.check('roll back')
    this.#busy.refuseInside('roll back')
    const { isOpen } = this.#transaction
    if (isOpen) this.#transaction.rollback()
    discard(this.#workspace)
    if (isOpen) this.#listeners.tell('afterRollback', this)
  }

  /**
   * Runs a function in a transaction, and commits. When the function throws, everything is taken back, in the database and in
   * memory. Inside another transaction it is a savepoint, and takes back only its own part.
   *
   * @example
   * session.transaction(() => {
   *   from.cents -= 100
   *   to.cents += 100
   * })
   * // BEGIN
   * // SAVEPOINT level_1
   * // UPDATE accounts SET cents = ? WHERE id = ?
   * // UPDATE accounts SET cents = ? WHERE id = ?
   * // RELEASE level_1
   * // COMMIT
   *
   * @returns what the function returns
   * @throws {AsyncTransactionError} when it returns a promise
   * @throws {TransactionLostError} when the database has ended the transaction around it
   */
  transaction<T>(work: (session: this) => T): T {
    this.#workspace.check('begin a transaction')
    this.#busy.refuseInFlush()
    const isOutermost = !this.#transaction.isOpen
    if (!isOutermost) this.flush()
    const result = this.#onNewLevel(() => work(this))
    if (isOutermost) this.#listeners.tell('afterCommit', this)
    return result
  }

  /**
   * Calls a function before or after something happens to the session. What it changes before a flush is part of the flush.
   *
   * @example
   * session.on('beforeFlush', (session) => {
   *   for (const post of session.dirty) if (post instanceof Post) post.updatedAt = new Date()
   * })
   */
  on(event: SessionEvent, listener: (session: Session) => void): void {
    this.#listeners.add(event, listener)
  }

  get #context(): FlushContext {
    return {
      session: this.#workspace,
      work: this.#workspace.work,
      transaction: this.#transaction,
      before: () => this.#listeners.tell('beforeFlush', this),
      after: () => this.#listeners.tell('afterFlush', this),
    }
  }

  /** A COMMIT that fails is like a flush that fails: the objects are as they were, and may be mended. */
  #commitOrUndo(): void {
    try {
      this.#transaction.commit()
    } catch (error) {
      this.#transaction.rollback()
      throw error
    }
  }

  /** What the function changes is flushed before its level ends. When it fails, what is unflushed, or unflushed again, is given up. */
  #onNewLevel<T>(work: () => T): T {
    let hasBegun = false
    try {
      return this.#transaction.run(() => {
        hasBegun = true
        const result = this.#busy.whileInFunction(work)
        this.flush()
        return result
      })
    } catch (error) {
      if (hasBegun) this.#giveUp()
      throw error
    }
  }

  #giveUp(): void {
    discard(this.#workspace)
    if (!this.#transaction.isOpen) this.#listeners.tell('afterRollback', this)
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
