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
  const parts = node.parts.map((part) => compiler.query(part)).join(` ${node.operator} `)
  return clauses(parts, writeSlice(node, compiler))
}

/** The select list, or `*` when there is none. */
export function writeOutputs(outputs: readonly OutputNode[], compiler: Compiler): string {
  return list(outputs, (output) => writeOutput(output, compiler)) || '*'
}

/** `users.name`, `COUNT(*) AS posts`: a name is written where the expression does not have it already. */
function writeOutput({ expression, name }: OutputNode, compiler: Compiler): string {
  const sql = compiler.expression(expression)
  if (expression.kind === 'column' && expression.name === name) return sql
  return `${sql} AS ${compiler.name(name)}`
}

/** `users`, `users AS manager`, `(SELECT …) AS newest`; of a common table expression only the name. */
function writeSource(source: SourceNode, compiler: Compiler): string {
  const name = compiler.name(source.name)
  if (source.kind === 'table' && source.table === source.name) return name
  switch (source.kind) {
    case 'table':
      return `${compiler.name(source.table)} AS ${name}`
    case 'derived':
      return `(${compiler.apart(() => compiler.query(source.query))}) AS ${name}`
    case 'cte':
      return name
  }
}

/** `LEFT JOIN posts ON posts.user_id = users.id`; a CROSS JOIN has no ON. */
function writeJoin({ type, source, on }: JoinNode, compiler: Compiler): string {
  const joined = `${type} ${writeSource(source, compiler)}`
  return on ? `${joined} ON ${compiler.expression(on)}` : joined
}

function writeGroupBy({ groupBy }: SelectNode, compiler: Compiler): string {
  if (groupBy.length === 0) return ''
  return `GROUP BY ${list(groupBy, (one) => compiler.expression(one))}`
}

/** `ORDER BY … LIMIT ? OFFSET ?` */
function writeSlice(node: Slice, compiler: Compiler): string {
  return clauses(writeOrderBy(node.orderBy, compiler), writeLimit(node, compiler))
}

/** SQLite has no OFFSET without a LIMIT: the dialect knows what stands for none. */
function writeLimit({ limit, offset }: Slice, compiler: Compiler): string {
  const first = limit ? `LIMIT ${compiler.expression(limit)}` : ''
  if (!offset) return first
  return `${first || compiler.dialect.noLimit} OFFSET ${compiler.expression(offset)}`.trim()
}
