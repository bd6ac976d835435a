import { todo } from '#shared/todo'
import { writeOrderBy } from './compile-expression.ts'
import type { Compiler } from './compiler.ts'
import { clauses, list } from './compiler.ts'
import type {
  CompoundNode,
  JoinNode,
  OutputNode,
  QueryNode,
  SelectNode,
  Slice,
  SourceNode,
} from './nodes.ts'

export function writeQuery(node: QueryNode, compiler: Compiler): string {
  return node.kind === 'select' ? writeSelect(node, compiler) : writeCompound(node, compiler)
}

/** A SELECT, clause by clause, in the order that SQL asks for. */
function writeSelect(node: SelectNode, compiler: Compiler): string {
  const sources = [node.from, ...node.joins.map((join) => join.source)].map(({ name }) => name)
  return compiler.inside(sources, () =>
    clauses(
      node.isDistinct ? 'SELECT DISTINCT' : 'SELECT',
      writeOutputs(node.outputs, compiler),
      `FROM ${writeSource(node.from, compiler)}`,
      ...node.joins.map((join) => writeJoin(join, compiler)),
      node.where ? `WHERE ${compiler.expression(node.where)}` : '',
      writeGroupBy(node, compiler),
      node.having ? `HAVING ${compiler.expression(node.having)}` : '',
      writeSlice(node, compiler),
    ),
  )
}

/** `SELECT … UNION SELECT … ORDER BY …` */
function writeCompound(node: CompoundNode, compiler: Compiler): string {
  // TODO(4): the parts with the operator between them, then order and limit of the whole.
  return todo('Task 4: compile a SELECT')
}

/** The select list, or `*` when there is none. */
export function writeOutputs(outputs: readonly OutputNode[], compiler: Compiler): string {
  return list(outputs, (output) => writeOutput(output, compiler)) || '*'
}

/** `users.name`, `COUNT(*) AS posts`: a name is written where the expression does not have it already. */
function writeOutput({ expression, name }: OutputNode, compiler: Compiler): string {
  const sql = compiler.expression(expression)
  if (expression.kind === 'column' && expression.name === name) return sql
  // TODO(4): say the name of what has none by itself.
  return todo('Task 4: compile a SELECT')
}

/** `users`, `users AS manager`, `(SELECT …) AS newest`; of a common table expression only the name. */
function writeSource(source: SourceNode, compiler: Compiler): string {
  const name = compiler.name(source.name)
  if (source.kind === 'table' && source.table === source.name) return name
  // TODO(4): a table under another name; a query in parentheses, which sees nothing of the sources around it (compiler.apart); of a common table expression only its name.
  return todo('Task 4: compile a SELECT')
}

/** `LEFT JOIN posts ON posts.user_id = users.id`; a CROSS JOIN has no ON. */
function writeJoin({ type, source, on }: JoinNode, compiler: Compiler): string {
  // TODO(4): the words of the join, its source, and ON with the condition where there is one.
  return todo('Task 4: compile a SELECT')
}

function writeGroupBy({ groupBy }: SelectNode, compiler: Compiler): string {
  if (groupBy.length === 0) return ''
  // TODO(4): GROUP BY, and the expressions with commas between.
  return todo('Task 4: compile a SELECT')
}

/** `ORDER BY … LIMIT ? OFFSET ?` */
function writeSlice(node: Slice, compiler: Compiler): string {
  return clauses(writeOrderBy(node.orderBy, compiler), writeLimit(node, compiler))
}

/** SQLite has no OFFSET without a LIMIT: the dialect knows what stands for none. */
function writeLimit({ limit, offset }: Slice, compiler: Compiler): string {
  const first = limit ? `LIMIT ${compiler.expression(limit)}` : ''
  if (!offset) return first
  // TODO(4): OFFSET after the LIMIT; where there is no LIMIT, after what the dialect wants in its place.
  return todo('Task 4: compile a SELECT')
}
