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

/** The select list; a name is written where the expression does not have it already. */
export function writeOutputs(outputs: readonly OutputNode[], compiler: Compiler): string {
  if (outputs.length === 0) return '*'
  return list(outputs, ({ expression, name }) => {
    const isNamed = expression.kind === 'column' && expression.name === name
    return clauses(compiler.expression(expression), isNamed ? '' : `AS ${compiler.name(name)}`)
  })
}

/** `users`, `users AS manager`, `(SELECT …) AS newest`; of a common table expression only the name. */
function writeSource(source: SourceNode, compiler: Compiler): string {
  const name = compiler.name(source.name)
  if (source.kind === 'cte') return name
  if (source.kind === 'derived')
    return `(${compiler.apart(() => compiler.query(source.query))}) AS ${name}`
  return source.table === source.name ? name : `${compiler.name(source.table)} AS ${name}`
}

function writeJoin({ type, source, on }: JoinNode, compiler: Compiler): string {
  const joined = `${type} ${writeSource(source, compiler)}`
  return on ? `${joined} ON ${compiler.expression(on)}` : joined
}

function writeGroupBy({ groupBy }: SelectNode, compiler: Compiler): string {
  const groups = list(groupBy, (one) => compiler.expression(one))
  return groups && `GROUP BY ${groups}`
}

/** `ORDER BY … LIMIT ? OFFSET ?` */
function writeSlice({ orderBy, limit, offset }: Slice, compiler: Compiler): string {
  return clauses(
    writeOrderBy(orderBy, compiler),
    limit ? `LIMIT ${compiler.expression(limit)}` : '',
    !limit && offset ? compiler.dialect.noLimit : '', // SQLite has no OFFSET without a LIMIT
    offset ? `OFFSET ${compiler.expression(offset)}` : '',
  )
}
