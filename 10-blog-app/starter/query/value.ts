import { Expression, literalExpression } from './expression.ts'

/** A value of the program as an expression: it is sent as a parameter. */
export const value = <T extends string | number | bigint | boolean | Date | Uint8Array | null>(
  given: T,
): Expression<Widen<T>> => literalExpression(given as Widen<T>)

/** `'a'` is text, whatever text it is. */
export type Widen<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T

export const expressionOf = <T>(given: Expression<T> | T): Expression<T> =>
  given instanceof Expression ? given : literalExpression(given)
