import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { ExpressionNode, ParameterNode, QueryNode } from './nodes.ts'

/**
 * What the writers of the single nodes need while one statement is written. The text is written from left to right,
 * so that the parameters are collected in the order of their placeholders.
 */
export interface Compiler {
  readonly dialect: Dialect
  /** The sources whose columns may stand here, by name: those of this query, and of the queries around it. */
  readonly sources: readonly string[]
  expression(node: ExpressionNode): string
  query(node: QueryNode): string
  /** Keeps a value for the parameters and gives its placeholder. */
  bind(node: ParameterNode): string
  /** The same for a value that the driver takes as it is. */
  bindValue(value: Value): string
  /** A name of the database, quoted where it has to be. */
  name(identifier: string): string
  /** Writes something in which these sources can be seen as well. */
  inside(sources: readonly string[], write: () => string): string
  /** Writes something that sees no source from around it: a query in FROM or WITH. */
  apart(write: () => string): string
}

/** The clauses that are there, with a space between. */
export const clauses = (...parts: readonly string[]): string => parts.filter(Boolean).join(' ')

export const list = <T>(items: readonly T[], write: (item: T) => string): string =>
  items.map(write).join(', ')
