import { logical } from './conditions.ts'
import { type Condition, condition } from './expression.ts'
import { node } from './nodes.ts'

/** All of the conditions; of none it is true. */
export const and = (...conditions: readonly Condition[]): Condition =>
  condition(logical('AND', nodesOf(conditions)))

/** Any of the conditions; of none it is false. */
export const or = (...conditions: readonly Condition[]): Condition =>
  condition(logical('OR', nodesOf(conditions)))

/** The opposite. Where SQL does not know, it does not know the opposite either: `not(u.age.gt(18))` leaves out who has no age. */
export const not = (operand: Condition): Condition =>
  condition(node({ kind: 'not', operand: operand.node }))

const nodesOf = (expressions: readonly Condition[]) => expressions.map(({ node }) => node)
