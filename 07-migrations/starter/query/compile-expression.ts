import type { Compiler } from './compiler.ts'
import { clauses, list } from './compiler.ts'
import { needsParentheses } from './conditions.ts'
import { UnknownSourceError } from './errors.ts'
import { writeLongList } from './long-list.ts'
import type { ColumnNode, ExpressionNode, OrderNode, ParameterNode, QueryNode } from './nodes.ts'

/** How each kind of expression is written. The type sees to it that none is forgotten. */
type Writers = {
  readonly [Kind in ExpressionNode['kind']]: (
    node: Extract<ExpressionNode, { kind: Kind }>,
    compiler: Compiler,
  ) => string
}

const writers: Writers = {
  column: writeColumn,

  parameter: writeParameter,

  constant: ({ value }) => (value ? '1 = 1' : '1 = 0'),

  star: () => '*',

  binary: ({ left, operator, right }, compiler) =>
    `${operand(left, compiler)} ${operator} ${operand(right, compiler)}`,

  logical: ({ operator, terms }, compiler) =>
    terms.map((one) => term(one, compiler)).join(` ${operator} `),

  not: (node, compiler) => `NOT ${operand(node.operand, compiler)}`,

  'null test': (node, compiler) =>
    `${operand(node.operand, compiler)} IS ${node.isNegated ? 'NOT NULL' : 'NULL'}`,

  in: (node, compiler) => {
    const left = operand(node.operand, compiler)
    return `${left} ${node.isNegated ? 'NOT IN' : 'IN'} (${writeItems(node.items, compiler)})`
  },

  between: (node, compiler) => {
    const [value, low, high] = [node.operand, node.low, node.high].map((one) =>
      operand(one, compiler),
    )
    return `${value} BETWEEN ${low} AND ${high}`
  },

  like: (node, compiler) => {
    const operator = node.ignoresCase ? compiler.dialect.likeIgnoringCase : 'LIKE'
    const test = `${operand(node.operand, compiler)} ${operator} ${operand(node.pattern, compiler)}`
    return node.hasEscapes ? `${test} ESCAPE '\\'` : test
  },

  function: (node, compiler) => {
    const values = list(node.arguments, (one) => compiler.expression(one))
    return `${node.name}(${node.isDistinct ? 'DISTINCT ' : ''}${values})`
  },

  window: (node, compiler) => {
    const call = compiler.expression(node.function)
    const partitions = list(node.partitionBy, (one) => compiler.expression(one))
    const window = clauses(
      partitions && `PARTITION BY ${partitions}`,
      writeOrderBy(node.orderBy, compiler),
    )
    return `${call} OVER (${window})`
  },

  case: ({ branches, otherwise }, compiler) => {
    const cases = branches.map(({ when, result }) =>
      clauses('WHEN', compiler.expression(when), 'THEN', compiler.expression(result)),
    )
    const rest = otherwise ? `ELSE ${compiler.expression(otherwise)}` : ''
    return clauses('CASE', ...cases, rest, 'END')
  },

  cast: (node, compiler) =>
    `CAST(${compiler.expression(node.operand)} AS ${node.type.sql[compiler.dialect.name]})`,

  subquery: ({ query }, compiler) => `(${compiler.query(query)})`,

  exists: ({ query, isNegated }, compiler) =>
    `${isNegated ? 'NOT EXISTS' : 'EXISTS'} (${compiler.query(query)})`,

  identifier: ({ name }, compiler) => compiler.name(name),

  raw: ({ parts }, compiler) =>
    parts.map((part) => (typeof part === 'string' ? part : compiler.expression(part))).join(''),
}

export function writeExpression<Node extends ExpressionNode>(
  node: Node,
  compiler: Compiler,
): string {
  const write = writers[node.kind] as (node: Node, compiler: Compiler) => string
  return write(node, compiler)
}

/** `ORDER BY age DESC NULLS LAST, name` */
export function writeOrderBy(orders: readonly OrderNode[], compiler: Compiler): string {
  const places = list(orders, ({ expression, direction, nulls }) =>
    clauses(compiler.expression(expression), direction ?? '', nulls ? `NULLS ${nulls}` : ''),
  )
  return places && `ORDER BY ${places}`
}

/** The short name where only one source is in sight, and the full one where another could have such a column too. */
function writeColumn({ source, name }: ColumnNode, compiler: Compiler): string {
  const { sources } = compiler
  if (source === undefined) return compiler.name(name)
  if (!sources.includes(source)) throw new UnknownSourceError(source, name, sources)
  return sources.length > 1
    ? `${compiler.name(source)}.${compiler.name(name)}`
    : compiler.name(name)
}

function writeParameter(node: ParameterNode, compiler: Compiler): string {
  const mark = compiler.bind(node)
  const { name, wantsTypes } = compiler.dialect
  return wantsTypes && node.standsAlone && node.value !== null
    ? `CAST(${mark} AS ${node.type.sql[name]})`
    : mark
}

function writeItems(items: readonly ExpressionNode[] | QueryNode, compiler: Compiler): string {
  if ('kind' in items) return compiler.query(items)
  return writeLongList(items, compiler) ?? list(items, (one) => compiler.expression(one))
}

const atoms: readonly ExpressionNode['kind'][] = [
  'column',
  'parameter',
  'function',
  'window',
  'case',
  'cast',
  'subquery',
  'identifier',
]

/** What an operator stands beside: in parentheses, unless it is of one piece. */
function operand(node: ExpressionNode, compiler: Compiler): string {
  const sql = compiler.expression(node)
  return atoms.includes(node.kind) ? sql : `(${sql})`
}

/** What stands between two words AND or OR. */
function term(node: ExpressionNode, compiler: Compiler): string {
  const sql = compiler.expression(node)
  return needsParentheses(node) ? `(${sql})` : sql
}
