import { hydrate } from '../mapping/hydrate.ts'
import { stateOf } from '../mapping/mapped.ts'
import { count } from '../query/aggregates.ts'
import type { RowOf, Selection } from '../query/columns.ts'
import { fetchAll, fetchFirst, fetchRows } from '../query/execute.ts'
import type { Condition } from '../query/expression.ts'
import { not } from '../query/logic.ts'
import type { Ordering } from '../query/ordering.ts'
import type { Subquery } from '../query/result-query.ts'
import { type From, from, type SelectQuery } from '../query/select.ts'
import { isSliced } from '../query/select-node.ts'
import { value } from '../query/value.ts'
import { loadCounts, loadRelated } from '../relations/loader.ts'
import { relationOf, type Wanted } from '../relations/plan.ts'
import { relatedExists } from '../relations/related-exists.ts'
import type { RelatedColumns, RelationName, With, WithCount } from '../relations/types.ts'
import type { ActiveRecord } from './active-record.ts'
import { connectionOf } from './connections.ts'

/** What is to be loaded with the records. */
interface Loading {
  readonly wanted: Wanted
  readonly counts: readonly string[]
  readonly isStrict: boolean
}

const nothingMore: Loading = { wanted: {}, counts: [], isStrict: false }

/**
 * A query that gives records. The methods that say what is wanted give a new query; `all`, `first`, `count` and `exists` send it.
 *
 * @example
 * User.query().where((u) => u.age.gt(18)).orderBy((u) => u.name).all() // [User, User]
 * // SELECT id, name, … FROM users WHERE age > ? ORDER BY name
 */
export class ModelQuery<Entity, C extends Selection> implements Subquery<RowOf<C>> {
  declare readonly result: RowOf<C>
  readonly #model: typeof ActiveRecord
  readonly #query: SelectQuery<[C], RowOf<C>>
  readonly #loading: Loading

  constructor(
    model: typeof ActiveRecord,
    query: SelectQuery<[C], RowOf<C>>,
    loading: Loading = nothingMore,
  ) {
    this.#model = model
    this.#query = query
    this.#loading = loading
  }

  /** The SELECT behind it, so that it may stand inside another query. */
  get node() {
    return this.#query.node
  }

  /** Keeps the records for which the condition is true. Several calls are joined by AND. */
  where(condition: From<[C], Condition>): ModelQuery<Entity, C> {
    return this.#with(this.#query.where(condition))
  }

  orderBy(ordering: From<[C], Ordering>): ModelQuery<Entity, C> {
    return this.#with(this.#query.orderBy(ordering))
  }

  limit(count: number): ModelQuery<Entity, C> {
    return this.#with(this.#query.limit(count))
  }

  offset(count: number): ModelQuery<Entity, C> {
    return this.#with(this.#query.offset(count))
  }

  /**
   * Keeps the records that have related rows, or such for which a condition is true.
   *
   * @example
   * User.query().whereHas('posts', (p) => p.published.eq(true))
   * // SELECT … FROM users WHERE EXISTS (SELECT * FROM posts WHERE posts.user_id = users.id AND posts.published = ?)
   */
  whereHas<P extends RelationName<Entity> & string>(
    relation: P,
    test?: (related: RelatedColumns<Entity, P>) => Condition,
  ): ModelQuery<Entity, C> {
    return this.where(relatedExists(relationOf(this.#model, relation), test as never))
  }

  /** Keeps the records that have no related rows, or none for which a condition is true. */
  whereHasNo<P extends RelationName<Entity> & string>(
    relation: P,
    test?: (related: RelatedColumns<Entity, P>) => Condition,
  ): ModelQuery<Entity, C> {
    return this.where(not(relatedExists(relationOf(this.#model, relation), test as never)))
  }

  /**
   * Loads relations with the records: one statement for each relation on each level, whatever the number of records.
   *
   * @example
   * User.query().with({ profile: true, posts: { comments: true } }).all()
   * User.query().with({ posts: (posts) => posts.where((p) => p.published.eq(true)).limit(3) }).all()
   * // SELECT … FROM users
   * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
   */
  with(wanted: With<Entity>): ModelQuery<Entity, C> {
    return this.#loadingAlso({ wanted: { ...this.#loading.wanted, ...(wanted as Wanted) } })
  }

  /**
   * Counts related rows with the records: `user.posts.count()` sends nothing then.
   *
   * @example
   * User.query().withCount({ posts: true }).all()
   * // SELECT … FROM users
   * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
   */
  withCount(wanted: WithCount<Entity>): ModelQuery<Entity, C> {
    return this.#loadingAlso({ counts: [...this.#loading.counts, ...Object.keys(wanted)] })
  }

  /** Forbids the records, and what is loaded with them, to load relations by themselves: a `NotLoadedError` says what is missing in `with`. */
  strict(): ModelQuery<Entity, C> {
    return this.#loadingAlso({ isStrict: true })
  }

  /**
   * Plain rows in place of records, for a part of the columns or for something computed.
   *
   * @example
   * User.query().select((u) => ({ name: u.name })).all() // [{ name: 'Alice' }, …]
   * // SELECT name FROM users
   */
  select<S extends Selection>(selection: From<[C], S>): RowQuery<RowOf<S>> {
    return new RowQuery(this.#model, this.#query.select(selection))
  }

  /** Every record that fits. */
  all(): Entity[] {
    const { wanted, counts, isStrict } = this.#loading
    const rows = fetchRows(this.#connection, this.#query)
    const records = rows.map((row) => hydrate(this.#model.table, this.#model, row))
    for (const record of records) stateOf(record).isStrict = isStrict
    loadCounts(records, counts, this.#connection)
    loadRelated(records, wanted, this.#connection)
    return records as Entity[]
  }

  /** The first record that fits, or undefined. Without `orderBy` it may be any. */
  first(): Entity | undefined {
    const one = this.node.limit ? this : this.limit(1)
    return one.all()[0]
  }

  /**
   * How many records `all` would give.
   *
   * @example
   * User.query().where((u) => u.age.gt(18)).count() // 2
   * // SELECT COUNT(*) AS count FROM users WHERE age > ?
   */
  count(): number {
    const counted = this.#rows().select(() => ({ count: count() }))
    return fetchFirst(this.#connection, counted)?.count ?? 0
  }

  /** Whether `all` would give any record. */
  exists(): boolean {
    const any = this.#rows().select(() => ({ one: value(1) }))
    return fetchFirst(this.#connection, any.limit(1)) !== undefined
  }

  /** The query, to be asked something else than its columns. Its own order and limit stay inside: they say which rows are meant. */
  #rows(): SelectQuery<any, unknown> {
    return isSliced(this.node) ? from(this.#query.as('rows')) : this.#query
  }

  get #connection() {
    return connectionOf(this.#model.registry)
  }

  #with(query: SelectQuery<[C], RowOf<C>>): ModelQuery<Entity, C> {
    return new ModelQuery(this.#model, query, this.#loading)
  }

  #loadingAlso(more: Partial<Loading>): ModelQuery<Entity, C> {
    return new ModelQuery(this.#model, this.#query, { ...this.#loading, ...more })
  }
}

/** A query of a model that gives plain rows. */
export class RowQuery<Result> implements Subquery<Result> {
  declare readonly result: Result
  readonly #model: typeof ActiveRecord
  readonly #query: Subquery<Result>

  constructor(model: typeof ActiveRecord, query: Subquery<Result>) {
    this.#model = model
    this.#query = query
  }

  /** The SELECT behind it, so that it may stand inside another query. */
  get node() {
    return this.#query.node
  }

  all(): Result[] {
    return fetchAll(connectionOf(this.#model.registry), this.#query)
  }

  first(): Result | undefined {
    return this.all()[0]
  }
}
