import type { ColumnBuilder } from '../mapping/column.ts'
import { integer, text } from '../mapping/column-types.ts'
import { call } from './call.ts'
import { Expression, type Operand, operand } from './expression.ts'
import { node } from './nodes.ts'
import { value } from './value.ts'

// Functions of one row. What is missing here is written with sql.

type Text = Expression<string | null>
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
export const length = (expression: Text): Expression<number | null> =>
  new Expression(call('LENGTH', [expression.node]), integer)

export const abs = <T>(expression: Expression<T> & Numeric): Expression<T> =>
  new Expression(call('ABS', [expression.node]), expression.type)

/** The texts in a row: `name || ?`. Null when one of them is null. */
export const concat = (...parts: readonly [Text | string, ...(Text | string)[]]): Text =>
  parts
    .map((part) => (part instanceof Expression ? part : value(part)) as Text)
    .reduce(
      (left, right) =>
        new Expression(
          node({ kind: 'binary', operator: '||', left: left.node, right: right.node }),
          text,
        ),
    )

/** `CAST(age AS TEXT)` */
export const cast = <T>(
  expression: Expression<any>,
  { definition: { type } }: ColumnBuilder<T, boolean, boolean>,
): Expression<T | null> =>
  new Expression(node({ kind: 'cast', operand: expression.node, type }), type)
