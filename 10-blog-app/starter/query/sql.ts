import { type Dialect, sqlite } from '#shared/driver/dialect'
import type { Table } from '../mapping/table.ts'
import { type CompiledQuery, compile } from './compile.ts'
import { Expression } from './expression.ts'
import { type ExpressionNode, node, type RawNode } from './nodes.ts'
import { parameter } from './parameter.ts'
import type { Subquery } from './result-query.ts'

/** SQL that its author wrote, with values, columns and queries between. */
export class Sql<T = unknown> extends Expression<T> {
  declare readonly node: RawNode

  /** As a statement of its own. */
  compile(dialect: Dialect = sqlite): CompiledQuery {
    return compile(this.node, dialect)
  }
}

/**
 * SQL as text, where the builder has no word for it. What stands between is never text: a value becomes a parameter,
 * a column or another expression is written in place, a query in parentheses, a mapped class as the name of its table.
 *
 * @example
 * from(User).select((u) => ({ initial: sql<string>`substr(${u.name}, 1, ${1})` }))
 * // SELECT substr(name, 1, ?) AS initial FROM users
 *
 * @throws {OperandError} when a value is undefined, or one that no column holds; for a list see `sql.join`
 */
export function sql<T = unknown>(
  texts: TemplateStringsArray,
  ...values: readonly unknown[]
): Sql<T> {
  const parts = texts.flatMap((text, i) => (i < values.length ? [text, part(values[i])] : [text]))
  return new Sql(node({ kind: 'raw', parts }))
}

/** A name of the database that only the running program knows, quoted like every other: `sql.id('users')`. */
sql.id = (name: string): Sql<never> =>
  new Sql(node({ kind: 'raw', parts: [node({ kind: 'identifier', name })] }))

/**
 * Values or pieces of SQL, with something between.
 *
 * @example
 * sql`${u.id} IN (${sql.join([1, 2, 3])})` // id IN (?, ?, ?)
 */
sql.join = (items: readonly unknown[], between: Sql = sql`, `): Sql => {
  const parts = items.flatMap((item, i) => (i === 0 ? [part(item)] : [between.node, part(item)]))
  return new Sql(node({ kind: 'raw', parts }))
}

function part(given: unknown): ExpressionNode {
  if (given instanceof Expression) return given.node
  if (isQuery(given)) return node({ kind: 'subquery', query: given.node })
  if (isMapped(given)) return node({ kind: 'identifier', name: given.table.name })
  return parameter(given, { type: undefined })
}

const isQuery = (given: unknown): given is Subquery<unknown> =>
  ['select', 'compound'].includes((given as Partial<Subquery<unknown>> | null)?.node?.kind ?? '')

const isMapped = (given: unknown): given is { readonly table: Table } =>
  typeof given === 'function' && 'table' in given
