import { type Nullable, outputsOf, type RowOf, type Selection } from './columns.ts'
import { Combinable } from './compound.ts'
import { logical } from './conditions.ts'
import { ConditionError, DuplicateSourceError } from './errors.ts'
import { type Condition, Expression } from './expression.ts'
import { type ExpressionNode, type JoinType, node, type SelectNode } from './nodes.ts'
import { type Ordering, ordersOf } from './ordering.ts'
import { rowCount, selectFrom } from './select-node.ts'
import { type Source, sourceNode } from './sources.ts'

/** A value, or a function that makes it of the columns of the query's sources, in the order of the joins. */
export type From<Sources extends readonly Selection[], T> = T | ((...sources: Sources) => T)

/**
 * Begins a query. Without `select` it gives every column of its first source.
 *
 * @example
 * from(User)
 *   .innerJoin(Post, (u, p) => p.userId.eq(u.id))
 *   .groupBy((u) => u.id)
 *   .select((u, p) => ({ name: u.name, posts: count(p.id) }))
 * // SELECT users.name, COUNT(posts.id) AS posts FROM users JOIN posts ON posts.user_id = users.id GROUP BY users.id
 */
export function from<C extends Selection>(source: Source<C>): SelectQuery<[C], RowOf<C>> {
  const start = selectFrom(sourceNode(source))
  return new SelectQuery({ ...start, outputs: outputsOf(source.c) }, [source.c])
}

/**
 * A SELECT. Every method gives a new query and leaves the old one as it was.
 *
 * `Sources` are the columns of each source, `Result` is the type of a row.
 */
export class SelectQuery<Sources extends readonly Selection[], Result> extends Combinable<Result> {
  override readonly node: SelectNode
  readonly #sources: Sources

  constructor(node: SelectNode, sources: Sources) {
    super()
    this.node = Object.freeze(node)
    this.#sources = sources
  }

  /**
   * What a row of the result holds. The last call decides.
   *
   * @example
   * from(User).select((u) => ({ name: u.name, isAdult: u.age.gte(18) }))
   * // SELECT name, age >= ? AS is_adult FROM users
   *
   * @throws {RangeError} when nothing is selected: in SQL that would be every column
   */
  select<S extends Selection>(selection: From<Sources, S>): SelectQuery<Sources, RowOf<S>> {
    const outputs = outputsOf(this.#call(selection))
    if (outputs.length === 0) throw new RangeError(nothingSelected)
    return this.#with({ outputs })
  }

  /** Each row once. */
  distinct(): SelectQuery<Sources, Result> {
    return this.#with({ isDistinct: true })
  }

  /**
   * Keeps the rows for which the condition is true. Several calls are joined by AND.
   *
   * @throws {ConditionError} when it is no condition, such as undefined or the false of `u.age > 18`
   */
  where(condition: From<Sources, Condition>): SelectQuery<Sources, Result> {
    const next = conditionNode('where', this.#call(condition))
    return this.#with({ where: both(this.node.where, next) })
  }

  /** The pairs of rows that fit: a row without a partner is left out. */
  innerJoin<C extends Selection>(source: Source<C>, on: From<[...Sources, C], Condition>) {
    return this.#join<[...Sources, C], Result>('JOIN', source, on)
  }

  /** Every row so far, with its partners. Where it has none, the columns of the joined source are null. */
  leftJoin<C extends Selection>(source: Source<C>, on: From<[...Sources, C], Condition>) {
    return this.#join<[...Sources, Nullable<C>], Result>('LEFT JOIN', source, on as never)
  }

  /** Every row of the joined source, with its partners. Where it has none, the columns so far are null. */
  rightJoin<C extends Selection>(source: Source<C>, on: From<[...Sources, C], Condition>) {
    return this.#join<[...NullableAll<Sources>, C], NullableRow<Result>>(
      'RIGHT JOIN',
      source,
      on as never,
    )
  }

  /** Every row of both sides; what has no partner has nulls on the other side. */
  fullJoin<C extends Selection>(source: Source<C>, on: From<[...Sources, C], Condition>) {
    return this.#join<[...NullableAll<Sources>, Nullable<C>], NullableRow<Result>>(
      'FULL JOIN',
      source,
      on as never,
    )
  }

  /** Every row with every row. */
  crossJoin<C extends Selection>(source: Source<C>) {
    return this.#join<[...Sources, C], Result>('CROSS JOIN', source)
  }

  /** One row for each group of rows that have the same values here. */
  groupBy(
    expressions: From<Sources, Expression<any> | readonly Expression<any>[]>,
  ): SelectQuery<Sources, Result> {
    const groups = [this.#call(expressions)].flat() as Expression[]
    return this.#with({ groupBy: [...this.node.groupBy, ...groups.map((one) => one.node)] })
  }

  /** Keeps the groups for which the condition is true. Several calls are joined by AND. */
  having(condition: From<Sources, Condition>): SelectQuery<Sources, Result> {
    const next = conditionNode('having', this.#call(condition))
    return this.#with({ having: both(this.node.having, next) })
  }

  /**
   * Puts the rows in order. A second call decides among rows that are equal so far.
   *
   * @example
   * from(User).orderBy((u) => [u.age.desc().nullsLast(), u.name])
   * // … ORDER BY age DESC NULLS LAST, name
   */
  orderBy(ordering: From<Sources, Ordering>): SelectQuery<Sources, Result> {
    return this.#with({ orderBy: [...this.node.orderBy, ...ordersOf(this.#call(ordering))] })
  }

  /** At most so many rows. @throws {OperandError} when it is not a whole number, 0 or more */
  limit(count: number): SelectQuery<Sources, Result> {
    return this.#with({ limit: rowCount(count) })
  }

  /** Passes over so many rows. @throws {OperandError} when it is not a whole number, 0 or more */
  offset(count: number): SelectQuery<Sources, Result> {
    return this.#with({ offset: rowCount(count) })
  }

  #join<Joined extends readonly Selection[], Row>(
    type: JoinType,
    source: Source<Selection>,
    on?: From<Joined, Condition>,
  ): SelectQuery<Joined, Row> {
    const { from, joins } = this.node
    const joined = sourceNode(source)
    if ([from, ...joins.map((join) => join.source)].some(({ name }) => name === joined.name))
      throw new DuplicateSourceError(joined.name)
    const sources = [...this.#sources, source.c] as unknown as Joined
    const condition = on && conditionNode('join', call(on, sources))
    const next = node({ kind: 'join', type, source: joined, on: condition })
    return new SelectQuery({ ...this.node, joins: [...joins, next] }, sources)
  }

  #call<T>(given: From<Sources, T>): T {
    return call(given, this.#sources)
  }

  #with<Row = Result>(change: Partial<SelectNode>): SelectQuery<Sources, Row> {
    return new SelectQuery({ ...this.node, ...change }, this.#sources)
  }
}

type NullableAll<Sources extends readonly Selection[]> = {
  [I in keyof Sources]: Nullable<Sources[I]>
}
type NullableRow<Result> = { [P in keyof Result]: Result[P] | null }

const call = <Sources extends readonly Selection[], T>(
  given: From<Sources, T>,
  sources: Sources,
) => (typeof given === 'function' ? (given as (...sources: Sources) => T)(...sources) : given)

/** @throws {ConditionError} when it is no condition */
export function conditionNode(method: string, condition: unknown): ExpressionNode {
  if (condition instanceof Expression) return condition.node
  throw new ConditionError(method, condition)
}

export const both = (first: ExpressionNode | undefined, second: ExpressionNode): ExpressionNode =>
  first ? logical('AND', [first, second]) : second

const nothingSelected =
  'select() was given no column, and in SQL that would be every column. ' +
  'This usually happens when the columns come from a list that turned out empty. Check the list before; leave select() out where every column is meant.'
