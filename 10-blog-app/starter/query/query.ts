import { type Dialect, sqlite } from '#shared/driver/dialect'
import { type CompiledQuery, compile } from './compile.ts'
import { logical } from './conditions.ts'
import { MissingTableError } from './errors.ts'
import {
  type ColumnNode,
  type ExpressionNode,
  node,
  type OrderNode,
  type OutputNode,
  type ParameterNode,
} from './nodes.ts'
import { conditionFor, type Direction, directionOf, type Operator } from './operators.ts'
import { orderNode } from './order.ts'
import { rowCount, selectFrom } from './select-node.ts'

/** What a query has been told so far. */
interface State {
  readonly columns: readonly string[]
  readonly table: string | undefined
  readonly conditions: readonly ExpressionNode[]
  readonly orders: readonly OrderNode[]
  readonly limit: ParameterNode | undefined
}

const nothingYet: State = {
  columns: [],
  table: undefined,
  conditions: [],
  orders: [],
  limit: undefined,
}

/**
 * A query in strings, for tables without a class. Every method gives a new query and leaves the old one as it was.
 *
 * @example
 * new Query().select('id', 'name').from('users').where('age', '>', 18).orderBy('name', 'ASC').limit(10).build()
 * // { sql: 'SELECT id, name FROM users WHERE age > ? ORDER BY name ASC LIMIT ?;', params: [18, 10] }
 */
export class Query {
  readonly #state: State

  constructor(state = nothingYet) {
    this.#state = state
  }

  /** The columns of the result. Several calls add up; without any it is every column. */
  select(...columns: readonly string[]): Query {
    return new Query({ ...this.#state, columns: [...this.#state.columns, ...columns] })
  }

  from(table: string): Query {
    return new Query({ ...this.#state, table })
  }

  /**
   * Keeps the rows for which it is true. Several calls are joined by AND.
   *
   * @example
   * query.where('age', '>', 18).where('name', 'like', 'A%').where('id', 'in', [1, 2])
   * // WHERE age > ? AND name LIKE ? AND id IN (?, ?)
   *
   * @throws {UnknownWordError} when the operator is none that a query knows
   */
  where(column: string, operator: Operator, value: unknown): Query {
    const condition = conditionFor(columnNode(column), operator, value)
    return new Query({ ...this.#state, conditions: [...this.#state.conditions, condition] })
  }

  /**
   * Puts the rows in order. A second call decides among rows that are equal so far.
   *
   * @throws {UnknownWordError} when the direction is not ASC or DESC
   */
  orderBy(column: string, direction: Direction = 'ASC'): Query {
    const order = orderNode(columnNode(column), directionOf(direction))
    return new Query({ ...this.#state, orders: [...this.#state.orders, order] })
  }

  /** At most so many rows. @throws {OperandError} when it is not a whole number, 0 or more */
  limit(count: number): Query {
    return new Query({ ...this.#state, limit: rowCount(count) })
  }

  /**
   * The SQL and its parameters, for any driver. Pure: nothing is sent.
   *
   * @throws {MissingTableError} when `from` was never called
   */
  build(dialect: Dialect = sqlite): CompiledQuery {
    const { columns, table, conditions, orders, limit } = this.#state
    if (table === undefined) throw new MissingTableError()
    const select = {
      ...selectFrom(node({ kind: 'table', table, name: table })),
      outputs: columns.map(outputNode),
      where: conditions.length > 0 ? logical('AND', conditions) : undefined,
      orderBy: orders,
      limit,
    }
    const { sql, params } = compile(select, dialect)
    return { sql: `${sql};`, params }
  }
}

/** A strings query reads one table, so a column needs no table before it. */
const columnNode = (name: string): ColumnNode => node({ kind: 'column', source: undefined, name })

const outputNode = (name: string): OutputNode =>
  node({
    kind: 'output',
    property: name,
    name,
    expression: columnNode(name),
    type: undefined,
    column: undefined,
  })
