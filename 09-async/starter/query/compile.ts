import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import { writeExpression } from './compile-expression.ts'
import { writeQuery } from './compile-select.ts'
import { writeWith } from './compile-with.ts'
import { writeDelete, writeInsert, writeUpdate } from './compile-write.ts'
import type { Compiler } from './compiler.ts'
import { TooManyParametersError } from './errors.ts'
import type { ExpressionNode, ParameterNode, QueryNode, StatementNode } from './nodes.ts'

/** SQL for one dialect, and the values that go beside it: one for each placeholder, in the order of the text. */
export interface CompiledQuery {
  readonly sql: string
  readonly params: readonly Value[]
}

/**
 * Writes a statement in the SQL of a dialect. Pure: nothing is sent.
 *
 * @throws {TooManyParametersError} when the database would not take so many
 * @throws {MissingWhereError} when an UPDATE or DELETE would meet every row and nobody asked for that
 * @throws {UnknownSourceError} when a column belongs to a table that the query does not read
 */
export function compile(node: StatementNode, dialect: Dialect): CompiledQuery {
  const compilation = new Compilation(dialect)
  const sql = [writeWith(node, compilation), writeStatement(node, compilation)]
    .filter(Boolean)
    .join(' ')
  const { params } = compilation
  if (params.length > dialect.maxParameters)
    throw new TooManyParametersError(params.length, dialect.maxParameters, dialect.name)
  return Object.freeze({ sql, params: Object.freeze(params) })
}

function writeStatement(node: StatementNode, compiler: Compiler): string {
  switch (node.kind) {
    case 'insert':
      return writeInsert(node, compiler)
    case 'update':
      return writeUpdate(node, compiler)
    case 'delete':
      return writeDelete(node, compiler)
    case 'raw':
      return compiler.expression(node)
    default:
      return compiler.query(node)
  }
}

/** One statement while it is written. Mutable: it collects the parameters and knows where the writing is. */
class Compilation implements Compiler {
  readonly dialect: Dialect
  readonly params: Value[] = []
  sources: readonly string[] = []

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  expression(node: ExpressionNode): string {
    return writeExpression(node, this)
  }

  query(node: QueryNode): string {
    return writeQuery(node, this)
  }

  bind({ value, type }: ParameterNode): string {
    return this.bindValue(value === null ? null : type.toDatabase(value, this.dialect))
  }

  bindValue(value: Value): string {
    return this.dialect.placeholder(this.params.push(value))
  }

  name(identifier: string): string {
    return this.dialect.quoteIdentifier(identifier)
  }

  inside(sources: readonly string[], write: () => string): string {
    return this.#seeing([...this.sources, ...sources], write)
  }

  apart(write: () => string): string {
    return this.#seeing([], write)
  }

  #seeing(sources: readonly string[], write: () => string): string {
    const outside = this.sources
    this.sources = sources
    const sql = write()
    this.sources = outside
    return sql
  }
}
