import type { MappedType } from '../mapping/inheritance.ts'
import { type Mapped, type Owner, stateOf } from '../mapping/mapped.ts'
import { count } from '../query/aggregates.ts'
import type { RowOf, Selection } from '../query/columns.ts'
import { fetchAll, fetchFirst, fetchRows } from '../query/execute.ts'
import type { Condition } from '../query/expression.ts'
import { not } from '../query/logic.ts'
import type { Ordering } from '../query/ordering.ts'
import { selectClass } from '../query/polymorphic.ts'
import type { Subquery } from '../query/result-query.ts'
import { type From, from, type SelectQuery } from '../query/select.ts'
import { isSliced } from '../query/select-node.ts'
import { value } from '../query/value.ts'
import { loadCounts, loadRelated } from '../relations/loader.ts'
import { relationOf, type Wanted } from '../relations/plan.ts'
import { relatedExists } from '../relations/related-exists.ts'
import type { RelatedClass } from '../relations/relation.ts'
import type { RelatedColumns, RelationName, With, WithCount } from '../relations/types.ts'
import { afterKey, byKey } from './pages.ts'

/** What a query needs of its session. */
export interface QuerySession extends Owner {
  /** @throws {SessionClosedError} when it is closed */
  check(doing: string): void
}

/** What is to be done with the objects that are found. */
interface Loading {
  readonly wanted: Wanted
  readonly counts: readonly string[]
  readonly isStrict: boolean
  readonly isFresh: boolean
}

const nothingMore: Loading = { wanted: {}, counts: [], isStrict: false, isFresh: false }

/**
 * A query that gives objects of a session. The methods that say what is wanted give a new query; `all`, `first`, `count`,
 * `exists` and `inBatches` send it.
 *
 * @example
 * session.query(User).where((u) => u.age.gt(18)).orderBy((u) => u.name).all() // [User, User]
 * // SELECT id, name, … FROM users WHERE age > ? ORDER BY name
 */
export class EntityQuery<T, C extends Selection> implements Subquery<RowOf<C>> {
  declare readonly result: RowOf<C>
  readonly #session: QuerySession
  readonly #type: MappedType & RelatedClass
  readonly #query: SelectQuery<[C], RowOf<C>>
  readonly #loading: Loading

  constructor(
    session: QuerySession,
    type: MappedType & RelatedClass,
    query = selectClass(type) as unknown as SelectQuery<[C], RowOf<C>>,
    loading: Loading = nothingMore,
  ) {
    this.#session = session
    this.#type = type
    this.#query = query
    this.#loading = loading
  }

  /** The SELECT behind it, so that it may stand inside another query. */
  get node() {
    return this.#query.node
  }

  /** Keeps the objects for which the condition is true. Several calls are joined by AND. */
  where(condition: From<[C], Condition>): EntityQuery<T, C> {
    return this.#with(this.#query.where(condition))
  }

  orderBy(ordering: From<[C], Ordering>): EntityQuery<T, C> {
    return this.#with(this.#query.orderBy(ordering))
  }

  limit(count: number): EntityQuery<T, C> {
    return this.#with(this.#query.limit(count))
  }

  offset(count: number): EntityQuery<T, C> {
    return this.#with(this.#query.offset(count))
  }

  /**
   * Keeps the objects that have related rows, or such for which a condition is true.
   *
   * @example
   * session.query(User).whereHas('posts', (p) => p.published.eq(true))
   * // SELECT … FROM users WHERE EXISTS (SELECT * FROM posts WHERE posts.user_id = users.id AND posts.published = ?)
   */
  whereHas<P extends RelationName<T> & string>(
    relation: P,
    test?: (related: RelatedColumns<T, P>) => Condition,
  ): EntityQuery<T, C> {
    return this.where(relatedExists(relationOf(this.#type, relation), test as never))
  }

  /** Keeps the objects that have no related rows, or none for which a condition is true. */
  whereHasNo<P extends RelationName<T> & string>(
    relation: P,
    test?: (related: RelatedColumns<T, P>) => Condition,
  ): EntityQuery<T, C> {
    return this.where(not(relatedExists(relationOf(this.#type, relation), test as never)))
  }

  /**
   * Loads relations with the objects: one statement for each relation on each level, whatever the number of objects.
   *
   * @example
   * session.query(User).with({ profile: true, posts: { comments: true } }).all()
   * session.query(User).with({ posts: (posts) => posts.where((p) => p.published.eq(true)).limit(3) }).all()
   * // SELECT … FROM users
   * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
   */
  with(wanted: With<T>): EntityQuery<T, C> {
    return this.#loadingAlso({ wanted: { ...this.#loading.wanted, ...(wanted as Wanted) } })
  }

  /**
   * Counts related rows with the objects: `user.posts.count()` sends nothing then.
   *
   * @example
   * session.query(User).withCount({ posts: true }).all()
   * // SELECT … FROM users
   * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
   */
  withCount(wanted: WithCount<T>): EntityQuery<T, C> {
    return this.#loadingAlso({ counts: [...this.#loading.counts, ...Object.keys(wanted)] })
  }

  /** Forbids the objects, and what is loaded with them, to load relations by themselves: a `NotLoadedError` says what is missing in `with`. */
  strict(): EntityQuery<T, C> {
    return this.#loadingAlso({ isStrict: true })
  }

  /** Overwrites objects that the session has already with the rows that are read, **and what was changed in them**. */
  refresh(): EntityQuery<T, C> {
    return this.#loadingAlso({ isFresh: true })
  }

  /**
   * Plain rows in place of objects, for a part of the columns or for something computed. They do not go through the identity map.
   *
   * @example
   * session.query(User).select((u) => ({ name: u.name })).all() // [{ name: 'Alice' }, …]
   * // SELECT name FROM users
   */
  select<S extends Selection>(selection: From<[C], S>): RowQuery<RowOf<S>> {
    return new RowQuery(this.#session, this.#query.select(selection))
  }

  /** Every object that fits. */
  all(): T[] {
    this.#session.check('send a query')
    const { wanted, counts, isStrict, isFresh } = this.#loading
    const rows = fetchRows(this.#session.connection, this.#query)
    const objects = this.#session.materialize(this.#type, rows, { isFresh })
    if (isStrict) for (const object of objects) stateOf(object).isStrict = true
    loadCounts(objects, counts, this.#type, this.#session)
    loadRelated(objects, wanted, this.#type, this.#session)
    return objects as T[]
  }

  /** The first object that fits, or undefined. Without `orderBy` it may be any. */
  first(): T | undefined {
    const one = this.node.limit ? this : this.limit(1)
    return one.all()[0]
  }

  /**
   * How many objects `all` would give.
   *
   * @example
   * session.query(User).where((u) => u.age.gt(18)).count() // 2
   * // SELECT COUNT(*) AS count FROM users WHERE age > ?
   */
  count(): number {
    this.#session.check('send a query')
    const counted = this.#rows().select(() => ({ count: count() }))
    return fetchFirst(this.#session.connection, counted)?.count ?? 0
  }

  /** Whether `all` would give any object. */
  exists(): boolean {
    this.#session.check('send a query')
    const any = this.#rows().select(() => ({ one: value(1) }))
    return fetchFirst(this.#session.connection, any.limit(1)) !== undefined
  }

  /**
   * Every object that fits, a batch at a time, in the order of the keys: for more than the memory holds.
   * In a session with weak identity, objects that the program has let go of are collected on the way.
   *
   * @example
   * for (const users of session.query(User).inBatches(1000)) for (const user of users) …
   * // SELECT … FROM users ORDER BY id LIMIT ?
   * // SELECT … FROM users WHERE id > ? ORDER BY id LIMIT ?
   *
   * @throws {RangeError} when the query has an order or a limit of its own, or a batch no room for a row
   */
  *inBatches(size = 1000): Generator<T[]> {
    if (isSliced(this.node)) throw new RangeError(slicedBatches)
    if (size < 1) throw new RangeError(emptyBatches(size))
    const ordered = this.orderBy(() => byKey(this.#type)).limit(size)
    let batch = ordered.all()
    while (batch.length > 0) {
      const last = stateOf(batch.at(-1) as unknown as Mapped).row
      yield batch
      if (batch.length < size) return
      batch = ordered.where(() => afterKey(this.#type, last)).all()
    }
  }

  /** The query, to be asked something else than its columns. Its own order and limit stay inside: they say which rows are meant. */
  #rows(): SelectQuery<any, unknown> {
    return isSliced(this.node) ? from(this.#query.as('rows')) : this.#query
  }

  #with(query: SelectQuery<[C], RowOf<C>>): EntityQuery<T, C> {
    return new EntityQuery(this.#session, this.#type, query, this.#loading)
  }

  #loadingAlso(more: Partial<Loading>): EntityQuery<T, C> {
    return new EntityQuery(this.#session, this.#type, this.#query, { ...this.#loading, ...more })
  }
}

/** A query of a session that gives plain rows. */
export class RowQuery<Result> implements Subquery<Result> {
  declare readonly result: Result
  readonly #session: QuerySession
  readonly #query: Subquery<Result>

  constructor(session: QuerySession, query: Subquery<Result>) {
    this.#session = session
    this.#query = query
  }

  /** The SELECT behind it, so that it may stand inside another query. */
  get node() {
    return this.#query.node
  }

  all(): Result[] {
    this.#session.check('send a query')
    return fetchAll(this.#session.connection, this.#query)
  }

  first(): Result | undefined {
    return this.all()[0]
  }
}

const slicedBatches =
  'Batches go through all rows in the order of their keys, and this query has an order or a limit of its own. ' +
  'This usually happens when orderBy() is written from habit. Leave orderBy, limit and offset out, or use all().'

const emptyBatches = (size: number) =>
  `A batch of ${size} rows would never end, or end before the first row. ` +
  'This usually happens when the size comes from a setting that is missing. Take a whole number above 0.'
