import type { Condition } from '../query/expression.ts'
import type { Ordering } from '../query/ordering.ts'
import type { From } from '../query/select.ts'
import type { TargetQuery } from './related-rows.ts'
import type { ColumnsOf, With } from './types.ts'

/**
 * Which of the related objects to load. Every method gives a new query; the loader sends it.
 *
 * @example
 * User.query().with({ posts: (posts) => posts.where((p) => p.published.eq(true)).limit(3) })
 */
export class RelatedQuery<T> {
  readonly query: TargetQuery
  readonly wanted: With<T>

  constructor(query: TargetQuery, wanted: With<T> = {}) {
    this.query = query
    this.wanted = wanted
  }

  where(condition: From<[ColumnsOf<T>], Condition>): RelatedQuery<T> {
    return new RelatedQuery(this.query.where(condition as never), this.wanted)
  }

  orderBy(ordering: From<[ColumnsOf<T>], Ordering>): RelatedQuery<T> {
    return new RelatedQuery(this.query.orderBy(ordering as never), this.wanted)
  }

  /** At most so many for each owner. */
  limit(count: number): RelatedQuery<T> {
    return new RelatedQuery(this.query.limit(count), this.wanted)
  }

  /** Passes over so many of each owner. */
  offset(count: number): RelatedQuery<T> {
    return new RelatedQuery(this.query.offset(count), this.wanted)
  }

  /** What to load of the related objects in turn. */
  with(wanted: With<T>): RelatedQuery<T> {
    return new RelatedQuery(this.query, { ...this.wanted, ...wanted })
  }
}
