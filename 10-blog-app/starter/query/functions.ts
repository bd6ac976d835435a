import type { ColumnBuilder } from '../mapping/column.ts'
import { integer, text } from '../mapping/column-types.ts'
import { call } from './call.ts'
import { Expression, literalExpression, type Operand, operand } from './expression.ts'
import { node } from './nodes.ts'

// Functions of one row. What is missing here is written with sql.

type Numeric = Expression<number | bigint | null>

/** The value, or the other one where it is null. */
export const coalesce = <T>(
  expression: Expression<T | null>,
  otherwise: Operand<T>,
): Expression<T> =>
  new Expression(
    call('COALESCE', [expression.node, operand(otherwise, expression)]),
    expression.type,
  )

export const lower = <T extends string | null>(expression: Expression<T>): Expression<T> =>
  new Expression(call('LOWER', [expression.node]), text)

export const upper = <T extends string | null>(expression: Expression<T>): Expression<T> =>
  new Expression(call('UPPER', [expression.node]), text)

/** The number of signs. */
export const length = <T extends string | null>(
  expression: Expression<T>,
): Expression<number | Extract<T, null>> =>
  new Expression(call('LENGTH', [expression.node]), integer)

export const abs = <T>(expression: Expression<T> & Numeric): Expression<T> =>
  new Expression(call('ABS', [expression.node]), expression.type)

/** The texts in a row: `name || ?`. Null when one of them is null. */
export const concat = <T extends string | null = string>(
  ...parts: readonly [Expression<T> | string, ...(Expression<T> | string)[]]
): Expression<T> =>
  parts
    .map((part) => (part instanceof Expression ? part : literalExpression(part as T)))
    .reduce((left, right) => {
      const both = node({ kind: 'binary', operator: '||', left: left.node, right: right.node })
      return new Expression(both, text)
    })

/** `CAST(age AS TEXT)` */
export const cast = <From, T>(
  expression: Expression<From>,
  { definition: { type } }: ColumnBuilder<T, boolean, boolean>,
): Expression<T | Extract<From, null>> =>
  new Expression(node({ kind: 'cast', operand: expression.node, type }), type)
