import { type ExpressionNode, type FunctionNode, node } from './nodes.ts'

/** `COUNT(DISTINCT user_id)` */
export const call = (
  name: string,
  values: readonly ExpressionNode[],
  { isDistinct = false } = {},
): FunctionNode => node({ kind: 'function', name, arguments: values, isDistinct })
