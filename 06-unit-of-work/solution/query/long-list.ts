import type { Value } from '#shared/driver/driver'
import type { Compiler } from './compiler.ts'
import type { ExpressionNode, ParameterNode } from './nodes.ts'

/**
 * A list of more values than a statement takes parameters: one parameter, a list in JSON, which the database takes apart.
 *
 * @example
 * SELECT value FROM json_each(?)                                          -- SQLite
 * SELECT CAST(value AS INTEGER) FROM jsonb_array_elements_text($1::jsonb) -- PostgreSQL
 *
 * @returns undefined when the list is short enough, or holds what JSON cannot say exactly
 */
export function writeLongList(
  items: readonly ExpressionNode[],
  compiler: Compiler,
): string | undefined {
  const { dialect } = compiler
  const [first] = items
  if (items.length <= dialect.maxParameters || first?.kind !== 'parameter') return undefined
  const texts = items.map((item) => jsonOf(item, first, compiler))
  if (texts.includes(undefined)) return undefined
  const mark = compiler.bindValue(`[${texts.join()}]`)
  return dialect.name === 'sqlite'
    ? `SELECT value FROM json_each(${mark})`
    : `SELECT CAST(value AS ${first.type.sql.postgres}) FROM jsonb_array_elements_text(CAST(${mark} AS JSONB))`
}

/** A value in JSON, where nothing is lost by it: fractions may lose their last bit, and JSON has no bytes. */
function jsonOf(item: ExpressionNode, first: ParameterNode, { dialect }: Compiler) {
  if (item.kind !== 'parameter' || item.type !== first.type) return undefined
  const value: Value = item.type.toDatabase(item.value, dialect)
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'string' || Number.isSafeInteger(value)
    ? JSON.stringify(value)
    : undefined
}
