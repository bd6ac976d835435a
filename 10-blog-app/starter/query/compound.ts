import { type Dialect, sqlite } from '#shared/driver/dialect'
import type { Selection } from './columns.ts'
import { combine } from './combine.ts'
import { type CompiledQuery, compile } from './compile.ts'
import { Expression } from './expression.ts'
import { type CompoundNode, node, type QueryNode, type SetOperator } from './nodes.ts'
import { type Ordering, ordersOf } from './ordering.ts'
import type { Subquery } from './result-query.ts'
import { rowCount } from './select-node.ts'
import { type ColumnsOfRow, derived, type NamedSource } from './sources.ts'

/** What every SELECT can do, of one part or of several: be compiled, be combined, be read from. */
export abstract class Combinable<Result> implements Subquery<Result> {
  declare readonly result: Result
  abstract readonly node: QueryNode

  /**
   * The SQL and its parameters. Pure: nothing is sent.
   *
   * @throws {TooManyParametersError} when the database would not take so many
   */
  compile(dialect: Dialect = sqlite): CompiledQuery {
    return compile(this.node, dialect)
  }

  /** The query as a source of another one: `FROM (SELECT …) AS newest`. */
  as(name: string): NamedSource<ColumnsOfRow<Result>> {
    return derived<Result>(this, name)
  }

  /** The rows of both queries, each once. @throws {OutputMismatchError} when they select different columns */
  union(other: Subquery<Result>): CompoundQuery<Result> {
    return combined('UNION', this, other)
  }

  /** The rows of both queries, one after the other. */
  unionAll(other: Subquery<Result>): CompoundQuery<Result> {
    return combined('UNION ALL', this, other)
  }

  /** The rows that both queries give. */
  intersect(other: Subquery<Result>): CompoundQuery<Result> {
    return combined('INTERSECT', this, other)
  }

  /** The rows that only the first query gives. */
  except(other: Subquery<Result>): CompoundQuery<Result> {
    return combined('EXCEPT', this, other)
  }
}

/** Several queries as one. Order and limit are those of the whole. */
export class CompoundQuery<Result> extends Combinable<Result> {
  override readonly node: CompoundNode

  constructor(node: CompoundNode) {
    super()
    this.node = Object.freeze(node)
  }

  /**
   * Puts the rows in order, by columns of the result.
   *
   * @example
   * names.union(titles).orderBy((row) => row.name)
   * // SELECT name FROM users UNION SELECT title AS name FROM posts ORDER BY name
   */
  orderBy(ordering: (row: ColumnsOfRow<Result>) => Ordering): CompoundQuery<Result> {
    const orders = ordersOf(ordering(resultColumns(this.node) as ColumnsOfRow<Result>))
    return this.#with({ orderBy: [...this.node.orderBy, ...orders] })
  }

  limit(count: number): CompoundQuery<Result> {
    return this.#with({ limit: rowCount(count) })
  }

  offset(count: number): CompoundQuery<Result> {
    return this.#with({ offset: rowCount(count) })
  }

  #with(change: Partial<CompoundNode>): CompoundQuery<Result> {
    return new CompoundQuery({ ...this.node, ...change })
  }
}

const combined = <Result>(
  operator: SetOperator,
  first: Subquery<Result>,
  second: Subquery<Result>,
) => new CompoundQuery<Result>(combine(operator, first, second))

/** The columns of the whole, which have no source: only their names stand in ORDER BY. */
function resultColumns({ outputs }: CompoundNode): Selection {
  return Object.fromEntries(
    outputs.map(({ property, name, type }) => [
      property,
      new Expression(node({ kind: 'column', source: undefined, name }), type),
    ]),
  )
}
