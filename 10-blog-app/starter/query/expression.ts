import type { Column, ColumnBuilder } from '../mapping/column.ts'
import { boolean, type ColumnType, real } from '../mapping/column-types.ts'
import {
  between,
  compare,
  equal,
  escapeLike,
  isIn,
  like,
  logical,
  notEqual,
  nullTest,
} from './conditions.ts'
import {
  type Arithmetic,
  type ColumnNode,
  type Comparison,
  type ExpressionNode,
  node,
} from './nodes.ts'
import { Order, orderNode } from './order.ts'
import { literal, type Place, parameter } from './parameter.ts'
import { type SingleColumn, singleColumn } from './result-query.ts'
import { anyNumber } from './result-types.ts'

/** What stands on the other side of an operator: a value, or another expression of the type. */
export type Operand<T> = NonNullable<T> | Expression<T | null>

/** True, false, or null where SQL does not know: a comparison with NULL. WHERE keeps the rows for which it is true. */
export type Condition = Expression<boolean | null>

type Text = Expression<string | null>
type Numeric = Expression<number | bigint | null>

/**
 * A piece of SQL that has a value: a column, a function, a comparison. Its methods give new expressions;
 * nothing is sent and nothing is compared, a tree is built.
 *
 * @example
 * User.c.age.gt(18).and(User.c.name.like('A%')) // age > ? AND name LIKE ?
 */
export class Expression<T = unknown> {
  /** Says the type of the value to the compiler of TypeScript. It holds nothing when the program runs. */
  declare readonly types: { readonly value: T }
  readonly node: ExpressionNode
  /** How its values are sent and read; undefined leaves them as the driver has them. */
  readonly type: ColumnType<any> | undefined
  /** Set when it is a mapped column. */
  readonly column: Column | undefined

  constructor(node: ExpressionNode, type?: ColumnType<any>, column?: Column) {
    this.node = node
    this.type = type
    this.column = column
  }

  // Comparisons

  /** `age = ?`; `eq(null)` is `age IS NULL`, because in SQL nothing equals NULL. */
  eq(other: T | Expression<T | null>): Condition {
    return condition(equal(this.node, operand(other, this)))
  }

  /** `age IS DISTINCT FROM ?`: the rows with another age, and those with none. `ne(null)` is `age IS NOT NULL`. */
  ne(other: T | Expression<T | null>): Condition {
    return condition(notEqual(this.node, operand(other, this)))
  }

  gt(other: Operand<T>): Condition {
    return this.#compare('>', other)
  }

  gte(other: Operand<T>): Condition {
    return this.#compare('>=', other)
  }

  lt(other: Operand<T>): Condition {
    return this.#compare('<', other)
  }

  lte(other: Operand<T>): Condition {
    return this.#compare('<=', other)
  }

  /** `age BETWEEN ? AND ?`, with both ends. */
  between(low: Operand<T>, high: Operand<T>): Condition {
    return condition(between(this.node, operand(low, this), operand(high, this)))
  }

  isNull(): Expression<boolean> {
    return condition(nullTest(this.node))
  }

  isNotNull(): Expression<boolean> {
    return condition(nullTest(this.node, { isNegated: true }))
  }

  /**
   * One of a list, or of the rows of a query with one column. Nothing is in an empty list.
   *
   * @throws {NullInListError} when the list holds null
   */
  in(items: readonly Operand<T>[] | SingleColumn<T | null>): Condition {
    return condition(isIn(this.node, this.#items(items)))
  }

  /** None of a list, or of the rows of a query. When the query gives a NULL, SQL does not know: nothing is found. */
  notIn(items: readonly Operand<T>[] | SingleColumn<T | null>): Condition {
    return condition(isIn(this.node, this.#items(items), { isNegated: true }))
  }

  // Text

  /**
   * `name LIKE ?`: `%` stands for any text, `_` for one sign, a backslash makes the next sign an ordinary one.
   * SQLite takes a to z and A to Z for the same, PostgreSQL does not: see `ilike`.
   */
  like(this: Text, pattern: string): Condition {
    return condition(like(this.node, parameter(pattern, this)))
  }

  /** `like` that takes `a` and `A` for the same on every database. */
  ilike(this: Text, pattern: string): Condition {
    return condition(like(this.node, parameter(pattern, this), { ignoresCase: true }))
  }

  /** Whether the text stands somewhere in it, sign by sign: `%` and `_` are no wildcards here. */
  contains(this: Text, text: string): Condition {
    return this.like(`%${escapeLike(text)}%`)
  }

  startsWith(this: Text, text: string): Condition {
    return this.like(`${escapeLike(text)}%`)
  }

  endsWith(this: Text, text: string): Condition {
    return this.like(`%${escapeLike(text)}`)
  }

  // Logic

  and(this: Condition, other: Condition): Condition {
    return condition(logical('AND', [this.node, other.node]))
  }

  or(this: Condition, other: Condition): Condition {
    return condition(logical('OR', [this.node, other.node]))
  }

  // Arithmetic

  plus(this: Numeric, other: Operand<T>): Expression<T> {
    return arithmetic('+', this, other)
  }

  minus(this: Numeric, other: Operand<T>): Expression<T> {
    return arithmetic('-', this, other)
  }

  times(this: Numeric, other: Operand<T>): Expression<T> {
    return arithmetic('*', this, other)
  }

  /** Whole numbers give a whole number: 7 / 2 is 3. */
  dividedBy(this: Numeric, other: Operand<T>): Expression<T> {
    return arithmetic('/', this, other)
  }

  // Places in ORDER BY

  asc(): Order {
    return new Order(orderNode(this.node, 'ASC'))
  }

  desc(): Order {
    return new Order(orderNode(this.node, 'DESC'))
  }

  /**
   * The same SQL, its values read as another type. For `sql`, which cannot know what its text gives.
   *
   * @example
   * sql`date('now')`.readAs(t.timestamp())
   */
  readAs<Read>({ definition }: ColumnBuilder<Read, boolean, boolean>): Expression<Read> {
    return new Expression(this.node, definition.type)
  }

  #compare(operator: Comparison, other: unknown): Condition {
    return condition(compare(operator, this.node, operand(other, this)))
  }

  #items(items: readonly unknown[] | SingleColumn<unknown>) {
    return isList(items) ? items.map((item) => operand(item, this)) : singleColumn(items)
  }
}

/** The column of a table as an expression: `User.c.age`, and the `u.age` of a query's functions. */
export class ColumnExpression<T = unknown> extends Expression<T> {
  declare readonly node: ColumnNode
  declare readonly column: Column

  /** @param source what the query calls the table by */
  constructor(column: Column, source = column.table) {
    super(node({ kind: 'column', source, name: column.name }), column.type, column)
  }

  get table(): string {
    return this.column.table
  }

  get name(): string {
    return this.column.name
  }
}

/** The node of an expression as it is, and a parameter for any other value: its type is that of the expression beside it. */
export function operand(value: unknown, beside: Place): ExpressionNode {
  return value instanceof Expression ? value.node : parameter(value, beside)
}

export const condition = <T extends boolean | null>(node: ExpressionNode): Expression<T> =>
  new Expression<T>(node, boolean)

/** The right side stands for itself, not for the column: age + 0.5 is no age. */
function arithmetic<T>(operator: Arithmetic, left: Expression<any>, other: unknown): Expression<T> {
  const right = other instanceof Expression ? other : literalExpression(other)
  const type = right.type === real ? anyNumber : left.type
  return new Expression(
    node({ kind: 'binary', operator, left: left.node, right: right.node }),
    type,
  )
}

export function literalExpression<T>(value: T): Expression<T> {
  const parameter = literal(value)
  return new Expression<T>(parameter, parameter.type)
}

const isList = (items: unknown): items is readonly unknown[] => Array.isArray(items)
