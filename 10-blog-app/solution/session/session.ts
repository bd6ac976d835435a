import type { AsyncDatabase } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { type Mapped, type Status, stateOf } from '../mapping/mapped.ts'
import type { Key } from '../mapping/types.ts'
import { expire } from '../mapping/watched.ts'
import type { Selection } from '../query/columns.ts'
import { loadRelated } from '../relations/loader.ts'
import { forgetRelated } from '../relations/memory.ts'
import type { Wanted } from '../relations/plan.ts'
import type { RelatedClass } from '../relations/relation.ts'
import type { Loaded, ShapeOf, With } from '../relations/types.ts'
import { Busy } from './busy.ts'
import { updateFor } from './change-set.ts'
import { SessionConnection } from './connection.ts'
import type { Entity } from './entity.ts'
import { EntityQuery } from './entity-query.ts'
import { ConcurrentUseError, NotFoundError, ObjectStateError } from './errors.ts'
import { explain } from './explain.ts'
import { findObject, keyValues } from './find.ts'
import { type FlushContext, type FlushOptions, flush } from './flush.ts'
import { beginStatement } from './isolation.ts'
import { type Listener, Listeners, type SessionEvent } from './listeners.ts'
import type { SessionOptions } from './options.ts'
import { addAll, discard, expunge, expungeAll, markDeleted } from './states.ts'
import type { Transaction } from './transaction.ts'
import { Workspace } from './workspace.ts'

export type { SessionOptions } from './options.ts'

/** A class whose objects a session loads and stores. */
type EntityType = MappedType<Entity> & RelatedClass & { readonly c: object }
type ColumnsOf<C extends EntityType> = C['c'] extends Selection ? C['c'] : never
/** No relations are asked for. */
// biome-ignore lint/complexity/noBannedTypes: an object type without properties is what is meant
type Nothing = {}
type KeyOf<C extends EntityType> = Key<ShapeOf<InstanceType<C>>>

/**
 * Stands between the program and the database. It gives one object for each row (identity map), and remembers what is to be
 * written, until `flush` or `commit` writes all of it at once (unit of work). It belongs to one task, and does one thing at a time.
 *
 * @example
 * await using session = new AsyncSession(database)
 * const user = await session.get(User, 1)
 * user.name = 'Alicia'
 * session.add(new Post({ title: 'New', content: '…', author: user }))
 * await session.commit()
 * // BEGIN
 * // INSERT INTO posts (title, content, …, user_id) VALUES (?, ?, …, ?)
 * // UPDATE users SET name = ? WHERE id = ?
 * // COMMIT
 *
 * @see https://martinfowler.com/eaaCatalog/unitOfWork.html
 */
export class AsyncSession {
  readonly #workspace: Workspace
  readonly #transaction: Transaction
  readonly #listeners = new Listeners<AsyncSession>()
  readonly #busy = new Busy()

  constructor(database: AsyncDatabase, options: SessionOptions = {}) {
    const begin = beginStatement(options, database.dialect)
    const connection = new SessionConnection(database, options, begin)
    this.#workspace = new Workspace(connection, options)
    this.#transaction = this.#workspace.transaction
    if (options.cache) this.#listeners.add('afterCommit', () => this.#workspace.committed())
  }

  /** Sends statements of the program's own; in the transaction, when one is open. */
  get connection(): SessionConnection {
    return this.#workspace.connection
  }

  // Reading

  /**
   * The object with this key, or undefined. When the session has it already, nothing is sent.
   *
   * @example
   * await session.find(User, 1) // SELECT id, name, … FROM users WHERE id = ?
   * await session.find(User, 1) // the same object; nothing is sent
   * await session.find(PostTag, { postId: 1, tagId: 2 })
   */
  async find<C extends EntityType, const W extends With<InstanceType<C>> = Nothing>(
    type: C,
    key: KeyOf<C>,
    { with: wanted }: { readonly with?: W } = {},
  ): Promise<Loaded<InstanceType<C>, W> | undefined> {
    const object = await this.#workspace.alone(`find a ${nameOfType(type)}`, () =>
      this.#find(type, key, wanted as Wanted | undefined),
    )
    return object as Loaded<InstanceType<C>, W> | undefined
  }

  async #find(type: EntityType, key: unknown, wanted?: Wanted): Promise<Mapped | undefined> {
    const values = keyValues(type, key, this.connection.dialect)
    const object = await findObject(type, values, this.#workspace)
    if (object && this.#workspace.work.deleted.has(object)) return undefined
    if (object && wanted) await loadRelated([object], wanted, type, this.#workspace)
    return object
  }

  /**
   * The object with this key.
   *
   * @throws {NotFoundError} when there is none
   */
  async get<C extends EntityType, const W extends With<InstanceType<C>> = Nothing>(
    type: C,
    key: KeyOf<C>,
    options?: { readonly with?: W },
  ): Promise<Loaded<InstanceType<C>, W>> {
    const object = await this.find<C, W>(type, key, options)
    if (!object) throw new NotFoundError(nameOfType(type), key)
    return object
  }

  /**
   * Begins a query for objects of a class and of those that inherit from it.
   *
   * @example
   * await session.query(User).where((u) => u.age.gt(18)).with({ posts: true }).all()
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
   * await session.load(users, { posts: { comments: true } })
   * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
   * // SELECT … FROM comments WHERE post_id IN (?, ?, …)
   */
  async load<T extends Entity, const W extends With<T>>(
    objects: readonly T[],
    wanted: W,
  ): Promise<readonly Loaded<T, W>[]> {
    await this.#workspace.alone('load relations', async () => {
      for (const type of new Set(objects.map(typeOf))) {
        const group = objects.filter((object) => typeOf(object) === type)
        const target = type as MappedType & RelatedClass
        await loadRelated(group, wanted as Wanted, target, this.#workspace)
      }
    })
    return objects as readonly Loaded<T, W>[]
  }

  /**
   * Reads the row of an object again. What was changed and not flushed is lost, and its relations are read again at the next touch.
   *
   * @example
   * await session.refresh(user) // SELECT id, name, … FROM users WHERE id = ?
   *
   * @throws {LostRowError} when the row is not there any more
   * @throws {ObjectStateError} when the object is not a stored one of this session
   */
  async refresh(object: Entity): Promise<void> {
    this.#checkStored('refresh', object)
    await this.#workspace.alone('read an object again', () => this.#workspace.refresh(object))
  }

  /**
   * Says that rows may have changed behind the session: the objects are not to be used before they were read again, by `refresh` or
   * by a query. What was changed and not flushed is lost.
   *
   * @param object without it, every object of the session
   */
  expire(object?: Entity): void {
    this.#workspace.turns.refuse('expire objects')
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
    this.#workspace.turns.refuse('expunge an object')
    expunge(object, this.#workspace)
  }

  /** The session forgets every object. What was not flushed is not written. */
  clear(): void {
    this.#workspace.turns.refuse('clear the session')
    expungeAll(this.#workspace)
  }

  /**
   * Ends the session: an open transaction is rolled back, every object is detached, the connection is given back.
   *
   * @throws {ConcurrentUseError} when something was still running: it was waited for, and an await is missing
   */
  async close(): Promise<void> {
    if (this.#workspace.isClosed) return
    const running = this.#busy.forgotten ?? this.#workspace.turns.running
    await this.#busy.settled()
    await this.#workspace.turns.settled()
    this.#busy.refuseInside('close the session')
    this.#workspace.isClosed = true
    await this.#workspace.turns.settled()
    while (this.#transaction.isOpen) await this.#transaction.rollback()
    expungeAll(this.#workspace)
    if (running) throw new ConcurrentUseError('close the session', running)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
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
    this.#workspace.checkIdle('add an object')
    addAll(objects, this.#workspace)
  }

  /**
   * Marks an object to be deleted. Nothing is sent before `flush` or `commit`.
   *
   * @throws {ObjectStateError} when it is not in the session
   */
  delete(object: Entity): void {
    this.#workspace.checkIdle('delete an object')
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
  async flush(): Promise<void> {
    await this.#workspace.alone('flush', () => this.#flush())
  }

  async #flush(options?: FlushOptions): Promise<void> {
    await this.#busy.whileFlushing(async () =>
      this.#workspace.wrote(await flush(this.#context, options)),
    )
  }

  /**
   * Flushes, and makes everything since the transaction began lasting.
   *
   * @example
   * await session.commit()
   * // BEGIN, INSERT …, UPDATE …, DELETE …, COMMIT
   */
  async commit(): Promise<void> {
    await this.#workspace.alone('commit', () => this.#commit())
  }

  async #commit(): Promise<void> {
    this.#busy.refuseInside('commit')
    await this.#flush()
    if (!this.#transaction.isOpen) return
    await this.#commitOrUndo()
    await this.#tell('afterCommit')
  }

  /**
   * Takes back everything since the transaction began, in the database and in memory: what was inserted is transient again,
   * what was deleted is there again, changed properties have the values that they had. Relations that were loaded have to be
   * awaited again, though the types of the program do not know: other rows may belong to an object now.
   */
  async rollback(): Promise<void> {
    await this.#workspace.alone('roll back', () => this.#rollback())
  }

  async #rollback(): Promise<void> {
    this.#busy.refuseInside('roll back')
    const { isOpen } = this.#transaction
    if (isOpen) await this.#transaction.rollback()
    discard(this.#workspace)
    if (isOpen) await this.#tell('afterRollback')
  }

  /**
   * Runs a function in a transaction, and commits. When the function throws, everything is taken back, in the database and in
   * memory. Inside another transaction it is a savepoint, and takes back only its own part.
   *
   * @example
   * await session.transaction(async () => {
   *   from.cents -= 100
   *   to.cents += 100
   * })
   * // BEGIN
   * // UPDATE accounts SET cents = $1 WHERE id = $2
   * // UPDATE accounts SET cents = $1 WHERE id = $2
   * // COMMIT
   *
   * @returns what the function returns
   * @throws {TransactionLostError} when the database has ended the transaction around it
   */
  async transaction<T>(work: (session: this) => T | Promise<T>): Promise<T> {
    return await this.#workspace.alone('finish a transaction', () => this.#inTransaction(work))
  }

  async #inTransaction<T>(work: (session: this) => T | Promise<T>): Promise<T> {
    this.#busy.refuseInFlush()
    const isOutermost = !this.#transaction.isOpen
    if (!isOutermost) await this.#flush()
    const result = await this.#onNewLevel(() => work(this))
    if (isOutermost) await this.#tell('afterCommit')
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
  on(event: SessionEvent, listener: Listener<AsyncSession>): void {
    this.#listeners.add(event, listener)
  }

  get #context(): FlushContext {
    return {
      session: this.#workspace,
      work: this.#workspace.work,
      transaction: this.#transaction,
      lend: (hook) => this.#workspace.turns.lend(hook),
      before: () => this.#tell('beforeFlush'),
      after: () => this.#tell('afterFlush'),
    }
  }

  /** Listeners may use the session while it waits for them. */
  async #tell(event: SessionEvent): Promise<void> {
    if (!this.#listeners.hears(event)) return
    await this.#workspace.turns.lend(() => this.#listeners.tell(event, this))
  }

  /** A COMMIT that fails is like a flush that fails: the objects are as they were, and may be mended. */
  async #commitOrUndo(): Promise<void> {
    try {
      await this.#transaction.commit()
    } catch (error) {
      await this.#transaction.rollback()
      throw error
    }
  }

  /** What the function changes is flushed before its level ends. When it fails, what is unflushed, or unflushed again, is given up. */
  async #onNewLevel<T>(work: () => T | Promise<T>): Promise<T> {
    let hasBegun = false
    try {
      return await this.#transaction.run(async () => {
        hasBegun = true
        const lent = () => this.#workspace.turns.lend(work)
        const result = await this.#busy.whileInFunction(lent)
        await this.#flush({ isLast: true })
        return result
      })
    } catch (error) {
      if (hasBegun) await this.#giveUp()
      throw error
    }
  }

  async #giveUp(): Promise<void> {
    discard(this.#workspace)
    if (!this.#transaction.isOpen) await this.#tell('afterRollback')
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

const nameOfType = (type: EntityType) => (type as unknown as { readonly name: string }).name
