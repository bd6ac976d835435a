import type { Dialect } from '#shared/driver/dialect'
import { node, type QueryNode, type WriteNode } from './nodes.ts'

/**
 * An INSERT of more rows than one statement has room for, as several: a row has at most one parameter for each column.
 * Everything else is left whole.
 */
export function inBatches<Node extends QueryNode | WriteNode>(
  statement: Node,
  { maxParameters }: Dialect,
): readonly Node[] {
  if (statement.kind !== 'insert' || 'kind' in statement.values) return [statement]
  const { columns, values } = statement
  const size = Math.max(1, Math.floor(maxParameters / Math.max(1, columns.length)))
  if (values.length <= size) return [statement]
  const count = Math.ceil(values.length / size)
  return Array.from({ length: count }, (_, i) =>
    node({ ...statement, values: values.slice(i * size, (i + 1) * size) }),
  )
}
