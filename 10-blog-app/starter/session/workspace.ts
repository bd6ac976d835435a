import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { expire } from '../mapping/watched.ts'
import { fetchRows } from '../query/execute.ts'
import type { Caching, ResultCache } from '../query/result-cache.ts'
import type { Subquery } from '../query/result-query.ts'
import type { RelationUsage } from '../relations/usage.ts'
import { cachedRows } from './cached-rows.ts'
import type { Change } from './change-set.ts'
import type { SessionConnection } from './connection.ts'
import type { QuerySession } from './entity-query.ts'
import { LostRowError, SessionClosedError } from './errors.ts'
import { selectByKey } from './find.ts'
import { keyOfValues } from './identity-key.ts'
import { IdentityMap } from './identity-map.ts'
import { materialize, overwrite } from './materialize.ts'
import type { SessionOptions } from './options.ts'
import { peersOf, rememberPeers } from './peers.ts'
import { rowReader } from './row-reader.ts'
import { addAll } from './states.ts'
import { Transaction } from './transaction.ts'
import { Turns } from './turns.ts'
import { UnitOfWork } from './unit-of-work.ts'
import { WeakObjects } from './weak-objects.ts'
import { writtenTables } from './written-tables.ts'

/** The session as its objects see it: what they ask of it, and what they tell it. */
export class Workspace implements QuerySession {
  readonly connection: SessionConnection
  readonly turns = new Turns()
  readonly objects: IdentityMap
  readonly work: UnitOfWork
  readonly transaction: Transaction
  readonly isWeak: boolean
  readonly isBatching: boolean
  readonly cache: ResultCache | undefined
  readonly usage: RelationUsage | undefined
  /** The tables that the open transaction has written to. */
  written: ReadonlySet<string> = new Set()
  isClosed = false

  constructor(
    connection: SessionConnection,
    { identity = 'strong', lazy = 'one', cache, usage }: SessionOptions = {},
  ) {
    this.connection = connection
    this.isBatching = lazy === 'peers'
    this.cache = cache
    this.usage = usage
    this.transaction = new Transaction(connection)
    this.isWeak = identity === 'weak'
    this.objects = new IdentityMap(this.isWeak ? () => new WeakObjects() : () => new Map())
    this.work = new UnitOfWork(this.objects, { isWeak: this.isWeak })
  }

  check(doing: string): void {
    if (this.isClosed) throw new SessionClosedError(doing)
  }

  /**
   * Which objects are to be written, and what they have in common, does not change while the session is at work: a flush that is
   * halfway would lose it. Their columns may change: they are compared with what was sent.
   *
   * @throws {ConcurrentUseError} when something is running
   */
  checkIdle(doing: string): void {
    this.check(doing)
    this.turns.refuse(doing)
  }

  alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    this.check(doing)
    return this.turns.alone(doing, work)
  }

  materialize(
    type: MappedType,
    rows: readonly (readonly Value[])[],
    options?: { isFresh: boolean },
  ): Mapped[] {
    const objects = materialize(type, rows, this, options)
    if (this.isBatching) rememberPeers(objects, rows, this)
    return objects
  }

  peersOf(object: Mapped): readonly Mapped[] {
    return this.isBatching ? peersOf(object, this.objects) : []
  }

  rows(query: Subquery<unknown>, caching?: Caching): Promise<Value[][]> {
    if (!caching) return fetchRows(this.connection, query)
    return cachedRows(query, caching, this.connection, this.cache)
  }

  /** Hears of a flush. What it wrote counts for others when the transaction is committed, and never when it is rolled back. */
  wrote(changes: readonly Change[]): void {
    if (!this.cache || changes.length === 0) return
    const before = this.written
    this.written = new Set([...before, ...writtenTables(changes)])
    this.transaction.log.push(() => {
      this.written = before
    })
  }

  /** Hears that the transaction is committed. */
  committed(): void {
    this.cache?.invalidate(...this.written)
    this.written = new Set()
  }

  known(type: MappedType, key: Value): Mapped | undefined {
    const object = this.objects.of(type.mapping.root.table).get(keyOfValues([key]))
    return object instanceof type ? object : undefined
  }

  async beginOnce(): Promise<void> {
    if (!this.transaction.isOpen) await this.transaction.begin()
  }

  async refresh(object: Mapped): Promise<void> {
    const type = typeOf(object)
    const { row } = stateOf(object)
    const key = type.mapping.table.primaryKey.map(({ index }) => row[index] ?? null)
    const [found] = await selectByKey(type, key, this.connection)
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
