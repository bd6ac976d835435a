import { OutputMismatchError } from './errors.ts'
import { type CompoundNode, node, type QueryNode, type SetOperator } from './nodes.ts'
import { propertiesOf, type Subquery } from './result-query.ts'
import { isSliced, selectFrom } from './select-node.ts'

/**
 * Two queries as one. SQL puts their columns together by position, so both must select the same ones in one order.
 *
 * @throws {OutputMismatchError} when they do not: names and titles would change places without a word
 */
export function combine(
  operator: SetOperator,
  first: Subquery<unknown>,
  second: Subquery<unknown>,
): CompoundNode {
  const expected = propertiesOf(first).join(', ')
  const given = propertiesOf(second)
  if (given.join(', ') !== expected) throw new OutputMismatchError(operator, expected, given)
  return node({
    kind: 'compound',
    operator,
    parts: [...partsOf(operator, first.node), asPart(second.node)],
    outputs: first.node.outputs,
    orderBy: [],
    limit: undefined,
    offset: undefined,
  })
}

/** `a UNION b UNION c` is one chain. */
function partsOf(operator: SetOperator, query: QueryNode): readonly QueryNode[] {
  const continues = query.kind === 'compound' && query.operator === operator && !isSliced(query)
  return continues ? query.parts : [asPart(query)]
}

/** An order, a limit or another set operator would be read as one of the whole: such a part is wrapped, `SELECT * FROM (…)`. */
function asPart(query: QueryNode): QueryNode {
  if (query.kind === 'select' && !isSliced(query)) return query
  return selectFrom(node({ kind: 'derived', name: 'part', query }))
}
