import { OperandError, OutputMismatchError } from './errors.ts'
import type { QueryNode, WriteNode } from './nodes.ts'

/** A statement whose rows have this type: a SELECT, or a write with RETURNING. */
export interface ResultQuery<Result> {
  readonly node: QueryNode | WriteNode
  /** Says the type of a row to the compiler of TypeScript. It holds nothing when the program runs. */
  readonly result: Result
}

/** A SELECT, which may also stand inside another statement. */
export interface Subquery<Result> extends ResultQuery<Result> {
  readonly node: QueryNode
}

/** A SELECT of one column. */
export type SingleColumn<T> = Subquery<Readonly<Record<string, T>>>

/** The node of a query that stands where a value or a list of values is needed. @throws {OutputMismatchError} when it has not one column */
export function singleColumn(query: SingleColumn<unknown>): QueryNode {
  const outputs = query?.node?.outputs
  if (!outputs) throw new OperandError(query, 'a list of values, or a query')
  if (outputs.length === 1) return query.node
  throw new OutputMismatchError('A query that stands for values', 'one column', propertiesOf(query))
}

export const propertiesOf = ({ node }: Subquery<unknown>): string[] =>
  node.outputs.map(({ property }) => property)
