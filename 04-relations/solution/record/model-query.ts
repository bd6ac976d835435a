import { hydrate } from '../mapping/hydrate.ts'
import { count } from '../query/aggregates.ts'
import type { RowOf, Selection } from '../query/columns.ts'
import { fetchAll, fetchFirst, fetchRows } from '../query/execute.ts'
import type { Condition } from '../query/expression.ts'
import type { Ordering } from '../query/ordering.ts'
import type { Subquery } from '../query/result-query.ts'
import { type From, from, type SelectQuery } from '../query/select.ts'
import { isSliced } from '../query/select-node.ts'
import { value } from '../query/value.ts'
import type { ActiveRecord } from './active-record.ts'
import { connectionOf } from './connections.ts'

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

  constructor(model: typeof ActiveRecord, query: SelectQuery<[C], RowOf<C>>) {
    this.#model = model
    this.#query = query
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
    const rows = fetchRows(this.#connection, this.#query)
    return rows.map((row) => hydrate(this.#model.table, this.#model, row) as Entity)
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
    return new ModelQuery(this.#model, query)
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
