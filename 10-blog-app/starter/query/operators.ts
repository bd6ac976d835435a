import { text } from '../mapping/column-types.ts'
import { between, compare, equal, isIn, like, notEqual } from './conditions.ts'
import { OperandError, UnknownWordError } from './errors.ts'
import type { Comparison, ExpressionNode, OrderNode } from './nodes.ts'
import { parameter } from './parameter.ts'

type Test = (column: ExpressionNode, value: unknown) => ExpressionNode

const comparison =
  (operator: Comparison): Test =>
  (column, value) =>
    compare(operator, column, bound(value))

/** The operators of the strings form. They stand in the SQL itself, so only these may pass. */
const operators = {
  '=': (column, value) => equal(column, bound(value)),
  '!=': (column, value) => notEqual(column, bound(value)),
  '<>': (column, value) => notEqual(column, bound(value)),
  '<': comparison('<'),
  '<=': comparison('<='),
  '>': comparison('>'),
  '>=': comparison('>='),
  is: (column, value) => equal(column, bound(value)),
  'is not': (column, value) => notEqual(column, bound(value)),
  like: (column, value) => like(column, parameter(value, { type: text })),
  in: (column, value) => isIn(column, listOf(value).map(bound)),
  'not in': (column, value) => isIn(column, listOf(value).map(bound), { isNegated: true }),
  between: (column, value) => {
    const [low, high] = listOf(value)
    return between(column, bound(low), bound(high))
  },
} satisfies Record<string, Test>

export type Operator = keyof typeof operators | Uppercase<keyof typeof operators>

/** @throws {UnknownWordError} when the operator is none of them */
export function conditionFor(
  column: ExpressionNode,
  operator: Operator,
  value: unknown,
): ExpressionNode {
  const word = String(operator).toLowerCase()
  if (!Object.hasOwn(operators, word))
    throw new UnknownWordError('operator', operator, Object.keys(operators))
  return operators[word as keyof typeof operators](column, value)
}

export type Direction = 'ASC' | 'DESC' | 'asc' | 'desc'

/** @throws {UnknownWordError} when it is neither ASC nor DESC */
export function directionOf(direction: Direction): OrderNode['direction'] {
  const word = String(direction).toUpperCase()
  if (word === 'ASC' || word === 'DESC') return word
  throw new UnknownWordError('direction', direction, ['ASC', 'DESC'])
}

/** A value beside a column of which nothing is known: it is sent as what it is. */
const bound = (value: unknown) => parameter(value, { type: undefined })

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new OperandError(value, 'a list')
}
