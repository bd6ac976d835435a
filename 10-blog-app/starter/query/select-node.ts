import { integer } from '../mapping/column-types.ts'
import { OperandError } from './errors.ts'
import {
  type CompoundNode,
  node,
  type ParameterNode,
  type SelectNode,
  type SourceNode,
} from './nodes.ts'
import { parameter } from './parameter.ts'

/** `SELECT * FROM …`: what every query starts as. */
export const selectFrom = (from: SourceNode): SelectNode =>
  node({
    kind: 'select',
    isDistinct: false,
    outputs: [],
    from,
    joins: [],
    where: undefined,
    groupBy: [],
    having: undefined,
    orderBy: [],
    limit: undefined,
    offset: undefined,
  })

/** Whether it takes some of the rows, or puts them in order. */
export const isSliced = ({ orderBy, limit, offset }: SelectNode | CompoundNode): boolean =>
  orderBy.length > 0 || limit !== undefined || offset !== undefined

/** A number of rows. @throws {OperandError} when it is negative, has a fraction, or is no number */
export function rowCount(count: number): ParameterNode {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new OperandError(count, 'a whole number of rows, 0 or more')
  return parameter(count, { type: integer })
}
