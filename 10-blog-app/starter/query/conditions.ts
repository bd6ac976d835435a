import { NullComparisonError, NullInListError } from './errors.ts'
import {
  type BetweenNode,
  type BinaryNode,
  type Comparison,
  type ConstantNode,
  type ExpressionNode,
  type InNode,
  type LikeNode,
  type NullTestNode,
  node,
  type QueryNode,
} from './nodes.ts'

// The tests that SQL knows, as nodes. The typed columns and the strings form are two ways to ask for the same ones.

/** `age = ?`; with null `age IS NULL`. */
export function equal(operand: ExpressionNode, value: ExpressionNode): BinaryNode | NullTestNode {
  if (isNull(value)) return nullTest(operand)
  return compare('=', operand, value)
}

/** `age IS DISTINCT FROM ?`, which keeps the rows without an age, as `<>` would not; with null `age IS NOT NULL`. */
export function notEqual(
  operand: ExpressionNode,
  value: ExpressionNode,
): BinaryNode | NullTestNode {
  if (isNull(value)) return nullTest(operand, { isNegated: true })
  return compare('IS DISTINCT FROM', operand, value)
}

/** @throws {NullComparisonError} when the value is null */
export function compare(
  operator: Comparison,
  left: ExpressionNode,
  right: ExpressionNode,
): BinaryNode {
  if (isNull(right)) throw new NullComparisonError(operator)
  return node({ kind: 'binary', operator, left, right })
}

export const nullTest = (operand: ExpressionNode, { isNegated = false } = {}): NullTestNode =>
  node({ kind: 'null test', operand, isNegated })

/**
 * `id IN (?, ?)`. Nothing is in an empty list, and everything is outside of it; `IN ()` would be no SQL.
 *
 * @throws {NullInListError} when the list holds null
 */
export function isIn(
  operand: ExpressionNode,
  items: readonly ExpressionNode[] | QueryNode,
  { isNegated = false } = {},
): InNode | ConstantNode {
  if (!isList(items)) return node({ kind: 'in', operand, items, isNegated })
  if (items.some(isNull)) throw new NullInListError(isNegated ? 'notIn' : 'in')
  if (items.length === 0) return constant(isNegated)
  return node({ kind: 'in', operand, items, isNegated })
}

/** `age BETWEEN ? AND ?`, with both ends. @throws {NullComparisonError} when an end is null */
export function between(
  operand: ExpressionNode,
  low: ExpressionNode,
  high: ExpressionNode,
): BetweenNode {
  if (isNull(low) || isNull(high)) throw new NullComparisonError('between')
  return node({ kind: 'between', operand, low, high })
}

/**
 * `name LIKE ?`. A backslash makes the next sign an ordinary one on both databases:
 * PostgreSQL reads it so by itself, SQLite only when it is told.
 */
export function like(
  operand: ExpressionNode,
  pattern: ExpressionNode,
  { ignoresCase = false } = {},
): LikeNode {
  if (isNull(pattern)) throw new NullComparisonError('like')
  return node({ kind: 'like', operand, pattern, hasEscapes: hasEscapes(pattern), ignoresCase })
}

/**
 * Text that LIKE takes as it stands: `%` and `_` in it are no wildcards any more.
 *
 * @example
 * escapeLike('50%') // 50\%
 */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

const hasEscapes = (pattern: ExpressionNode) =>
  pattern.kind === 'parameter' && String(pattern.value).includes('\\')

/** All of the conditions, or any of them. All of none is true, any of none is false. */
export function logical(
  operator: 'AND' | 'OR',
  conditions: readonly ExpressionNode[],
): ExpressionNode {
  const terms = conditions.flatMap((one) => termsOf(operator, one))
  if (terms.length < 2) return terms[0] ?? constant(operator === 'AND')
  return node({ kind: 'logical', operator, terms })
}

/** `(a AND b) AND c` is `a AND b AND c`; what is always true says nothing in an AND. */
function termsOf(operator: 'AND' | 'OR', one: ExpressionNode): readonly ExpressionNode[] {
  if (one.kind === 'logical' && one.operator === operator) return one.terms
  return isConstant(one, operator === 'AND') ? [] : [one]
}

/** AND binds closer than OR, so one inside the other needs parentheses; so does SQL that was written elsewhere and may hold either. */
export const needsParentheses = (term: ExpressionNode): boolean =>
  term.kind === 'logical' || term.kind === 'raw'

export const constant = (value: boolean): ConstantNode => node({ kind: 'constant', value })

export const isConstant = (one: ExpressionNode, value: boolean): boolean =>
  one.kind === 'constant' && one.value === value

const isNull = (one: ExpressionNode) => one.kind === 'parameter' && one.value === null

const isList = (items: readonly ExpressionNode[] | QueryNode): items is readonly ExpressionNode[] =>
  Array.isArray(items)
