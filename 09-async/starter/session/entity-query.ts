import type { Value } from '#shared/driver/driver'
import type { MappedType } from '../mapping/inheritance.ts'
import { type Mapped, type Owner, stateOf } from '../mapping/mapped.ts'
import { count } from '../query/aggregates.ts'
import type { RowOf, Selection } from '../query/columns.ts'
import { readRows } from '../query/execute.ts'
import type { Condition } from '../query/expression.ts'
import { not } from '../query/logic.ts'
import type { SelectNode } from '../query/nodes.ts'
import type { Ordering } from '../query/ordering.ts'
import { selectClass } from '../query/polymorphic.ts'
import type { Caching } from '../query/result-cache.ts'
import type { Subquery } from '../query/result-query.ts'
import { type From, from, type SelectQuery } from '../query/select.ts'
import { isSliced } from '../query/select-node.ts'
import { value } from '../query/value.ts'
import { type Join, planJoins } from '../relations/join-plan.ts'
import { handOutJoined } from '../relations/joined.ts'
import { loadCounts, loadRelated } from '../relations/loader.ts'
import { relationOf, type Wanted } from '../relations/plan.ts'
import { relatedExists } from '../relations/related-exists.ts'
import type { RelatedClass } from '../relations/relation.ts'
import type {
  Joined,
  Loaded,
  RelatedColumns,
  RelationName,
  With,
  WithCount,
} from '../relations/types.ts'
import { type Page, PageReader, type PageRequest } from './page.ts'
import { afterKey, byKey } from './pages.ts'
import { fetchLocked, type RowLock } from './row-lock.ts'

/** What a query needs of its session. */
export interface QuerySession extends Owner {
  /** Begins a transaction, when none is open. */
  beginOnce(): Promise<void>
  /** The rows of a query: read, or where it is to be cached those of the last time. */
  rows(query: Subquery<unknown>, caching?: Caching): Promise<Value[][]>
}

/** What is to be done with the objects that are found. */
interface Loading {
  readonly wanted: Wanted
  readonly joined: Wanted
  readonly counts: readonly string[]
  readonly isStrict: boolean
  readonly isFresh: boolean
  readonly caching: Caching | undefined
  readonly lock: RowLock | undefined
}

const nothingMore: Loading = {
  wanted: {},
  joined: {},
  counts: [],
  isStrict: false,
  isFresh: false,
  caching: undefined,
  lock: undefined,
}

/**
 * A query that gives objects of a session. The methods that say what is wanted give a new query; `all`, `first`, `count`,
 * `exists` and `inBatches` send it.
 *
 * @example
 * await session.query(User).where((u) => u.age.gt(18)).orderBy((u) => u.name).all() // [User, User]
 * // SELECT id, name, … FROM users WHERE age > ? ORDER BY name
 */
export class EntityQuery<T, C extends Selection, W = unknown> implements Subquery<RowOf<C>> {
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
  where(condition: From<[C], Condition>): EntityQuery<T, C, W> {
    return this.#with(this.#query.where(condition))
  }

  orderBy(ordering: From<[C], Ordering>): EntityQuery<T, C, W> {
    return this.#with(this.#query.orderBy(ordering))
  }

  limit(count: number): EntityQuery<T, C, W> {
    return this.#with(this.#query.limit(count))
  }

  offset(count: number): EntityQuery<T, C, W> {
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
  ): EntityQuery<T, C, W> {
    return this.where(relatedExists(relationOf(this.#type, relation), test as never))
  }

  /** Keeps the objects that have no related rows, or none for which a condition is true. */
  whereHasNo<P extends RelationName<T> & string>(
    relation: P,
    test?: (related: RelatedColumns<T, P>) => Condition,
  ): EntityQuery<T, C, W> {
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
  with<const More extends With<T>>(wanted: More): EntityQuery<T, C, W & More> {
    return this.#loadingAlso<W & More>({
      wanted: { ...this.#loading.wanted, ...(wanted as Wanted) },
    })
  }

  /**
   * Loads relations to one object in the same statement, and theirs in turn. An object that the session has already stays as it is.
   *
   * @example
   * await session.query(Post).joined({ author: { profile: true } }).all()
   * // SELECT posts.id, …, author.id, …, author_profile.id, … FROM posts
   * // LEFT JOIN users AS author ON author.id = posts.user_id
   * // LEFT JOIN profiles AS author_profile ON author_profile.user_id = author.id
   */
  joined<const More extends Joined<T>>(wanted: More): EntityQuery<T, C, W & More> {
    return this.#loadingAlso<W & More>({
      joined: { ...this.#loading.joined, ...(wanted as Wanted) },
    })
  }

  /**
   * Takes the rows from the session's cache, where they are not older than so many seconds and nobody has committed a change of
   * their tables. What is loaded with them is cached as well. Inside a transaction nothing is taken from the cache, and `count`,
   * `exists` and `select` always ask the database.
   *
   * @example
   * await session.query(User).cached({ seconds: 60 }).with({ posts: true }).all()
   *
   * @throws {UncachedError} when it is sent, and the session has no cache or nobody knows which tables it reads
   */
  cached(caching: Caching): EntityQuery<T, C, W> {
    return this.#loadingAlso({ caching })
  }

  /**
   * Counts related rows with the objects: `user.posts.count()` sends nothing then.
   *
   * @example
   * session.query(User).withCount({ posts: true }).all()
   * // SELECT … FROM users
   * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
   */
  withCount(wanted: WithCount<T>): EntityQuery<T, C, W> {
    return this.#loadingAlso({ counts: [...this.#loading.counts, ...Object.keys(wanted)] })
  }

  /** Forbids the objects, and what is loaded with them, to load relations by themselves: a `NotLoadedError` says what is missing in `with`. */
  strict(): EntityQuery<T, C, W> {
    return this.#loadingAlso({ isStrict: true })
  }

  /** Overwrites objects that the session has already with the rows that are read, **and what was changed in them**. */
  refresh(): EntityQuery<T, C, W> {
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
    return new RowQuery(this.#session, this.#query.select(selection), this.#loading.caching)
  }

  /**
   * Locks the rows that are found until the transaction ends, and begins one when none is open. Objects that the session has
   * already are read again: what is decided on them must be what stands in the rows now.
   *
   * @example
   * session.query(Job).where((j) => j.done.eq(false)).limit(1).forUpdate({ skipLocked: true }).first()
   * // SELECT … FROM jobs WHERE done = $1 LIMIT $2 FOR UPDATE OF jobs SKIP LOCKED
   */
  forUpdate(lock: RowLock = {}): EntityQuery<T, C, W> {
    return this.#loadingAlso({ lock, isFresh: true })
  }

  /** Every object that fits. */
  async all(): Promise<Loaded<T, W>[]> {
    return await this.#session.alone(`query ${this.#type.mapping.table.name}`, () => this.#all())
  }

  async #all(): Promise<Loaded<T, W>[]> {
    const { node, joins } = planJoins(this.node, this.#type, this.#loading.joined)
    return await this.#objectsOf(await this.#fetchLocked(node), joins)
  }

  /** The first object that fits, or undefined. Without `orderBy` it may be any. */
  async first(): Promise<Loaded<T, W> | undefined> {
    const one = this.node.limit ? this : this.limit(1)
    return (await one.all())[0]
  }

  /**
   * How many objects `all` would give.
   *
   * @example
   * session.query(User).where((u) => u.age.gt(18)).count() // 2
   * // SELECT COUNT(*) AS count FROM users WHERE age > ?
   */
  async count(): Promise<number> {
    const counted = this.#rows().select(() => ({ count: count() }))
    const rows = await this.#session.alone('count rows', () => this.#fetch(counted))
    return readRows(counted, rows)[0]?.count ?? 0
  }

  /** Whether `all` would give any object. */
  async exists(): Promise<boolean> {
    const any = this.#rows().select(() => ({ one: value(1) }))
    const rows = await this.#session.alone('look for rows', () => this.#fetch(any.limit(1)))
    return rows.length > 0
  }

  /**
   * Every object that fits, a batch at a time, in the order of the keys: for more than the memory holds.
   * In a session with weak identity, objects that the program has let go of are collected on the way.
   *
   * @example
   * for await (const users of session.query(User).inBatches(1000)) for (const user of users) …
   * // SELECT … FROM users ORDER BY id LIMIT ?
   * // SELECT … FROM users WHERE id > ? ORDER BY id LIMIT ?
   *
   * @throws {RangeError} when the query has an order or a limit of its own, or a batch no room for a row
   */
  async *inBatches(size = 1000): AsyncGenerator<Loaded<T, W>[]> {
    if (isSliced(this.node)) throw new RangeError(slicedBatches)
    if (size < 1) throw new RangeError(emptyBatches(size))
    const ordered = this.orderBy(() => byKey(this.#type)).limit(size)
    let batch = await ordered.all()
    while (batch.length > 0) {
      const last = stateOf(batch.at(-1) as unknown as Mapped).row
      yield batch
      if (batch.length < size) return
      batch = await ordered.where(() => afterKey(this.#type, last)).all()
    }
  }

  /**
   * One page of the objects, and the cursors of the pages around it. A page begins behind a row: no row comes twice or never
   * because others were inserted or deleted meanwhile, and the last page costs what the first one does.
   *
   * @example
   * const newest = session.query(Post).orderBy((p) => p.createdAt.desc())
   * const first = await newest.page({ size: 20 })
   * // SELECT … FROM posts ORDER BY created_at DESC, id LIMIT ?
   * const second = await newest.page({ size: 20, after: first.next })
   * // SELECT … FROM posts WHERE created_at <= ? AND (created_at < ? OR id > ?) ORDER BY created_at DESC, id LIMIT ?
   *
   * @throws {CursorError} when a cursor was cut or changed, or is of another order
   * @throws {PageOrderError} when the query is ordered by something that is no column
   * @throws {RangeError} when the size is no whole number above 0, when both directions are asked for, or when the query has a limit of its own
   */
  async page(request: PageRequest): Promise<Page<Loaded<T, W>>> {
    return await this.#session.alone('read a page', () => this.#page(request))
  }

  async #page(request: PageRequest): Promise<Page<Loaded<T, W>>> {
    const page = new PageReader(this.node, this.#type, request, this.#session.connection.dialect)
    const { node, joins } = planJoins(page.statement(this.node), this.#type, this.#loading.joined)
    const found = await this.#fetchLocked(node).catch((error: unknown) => {
      throw page.explain(error)
    })
    const rows = page.rowsOf(found)
    const links = page.linksOf(rows, found.length > rows.length)
    return { items: await this.#objectsOf(rows, joins), ...links }
  }

  /** The objects of rows that were read, with all that is to be loaded with them. */
  async #objectsOf(rows: readonly Value[][], joins: readonly Join[]): Promise<Loaded<T, W>[]> {
    const { wanted, counts, isStrict, isFresh } = this.#loading
    const width = this.node.outputs.length
    const own = joins.length > 0 ? rows.map((row) => row.slice(0, width)) : rows
    const objects = this.#session.materialize(this.#type, own, { isFresh })
    if (isStrict) for (const object of objects) stateOf(object).isStrict = true
    if (joins.length > 0) handOutJoined(objects, rows, joins, this.#session)
    const fetch = (query: Subquery<unknown>) => this.#fetch(query)
    await loadCounts(objects, counts, this.#type, this.#session, fetch)
    await loadRelated(objects, wanted, this.#type, this.#session, fetch)
    return objects as unknown as Loaded<T, W>[]
  }

  /** Who asks for fresh rows is not given those of the last time. */
  #fetch(query: Subquery<unknown>): Promise<Value[][]> {
    const { caching, isFresh } = this.#loading
    return this.#session.rows(query, isFresh ? undefined : caching)
  }

  /** The rows of the query itself, which are locked where that is asked for. */
  async #fetchLocked(node: SelectNode): Promise<Value[][]> {
    const { lock } = this.#loading
    if (!lock) return await this.#fetch({ node } as Subquery<unknown>)
    return await fetchLocked(node, this.#type.mapping.root.table.name, lock, this.#session)
  }

  /** The query, to be asked something else than its columns. Its own order and limit stay inside: they say which rows are meant. */
  #rows(): SelectQuery<any, unknown> {
    return isSliced(this.node) ? from(this.#query.as('rows')) : this.#query
  }

  #with(query: SelectQuery<[C], RowOf<C>>): EntityQuery<T, C, W> {
    return new EntityQuery(this.#session, this.#type, query, this.#loading)
  }

  #loadingAlso<More = W>(more: Partial<Loading>): EntityQuery<T, C, More> {
    return new EntityQuery(this.#session, this.#type, this.#query, { ...this.#loading, ...more })
  }
}

/** A query of a session that gives plain rows. */
export class RowQuery<Result> implements Subquery<Result> {
  declare readonly result: Result
  readonly #session: QuerySession
  readonly #query: Subquery<Result>
  readonly #caching: Caching | undefined

  constructor(session: QuerySession, query: Subquery<Result>, caching?: Caching) {
    this.#session = session
    this.#query = query
    this.#caching = caching
  }

  /** The SELECT behind it, so that it may stand inside another query. */
  get node() {
    return this.#query.node
  }

  async all(): Promise<Result[]> {
    const read = () => this.#session.rows(this.#query, this.#caching)
    return readRows(this.#query, await this.#session.alone('send a query', read))
  }

  async first(): Promise<Result | undefined> {
    return (await this.all())[0]
  }
}

const slicedBatches =
  'Batches go through all rows in the order of their keys, and this query has an order or a limit of its own. ' +
  'This usually happens when orderBy() is written from habit. Leave orderBy, limit and offset out, or use all().'

const emptyBatches = (size: number) =>
  `A batch of ${size} rows would never end, or end before the first row. ` +
  'This usually happens when the size comes from a setting that is missing. Take a whole number above 0.'
