import type { Value } from '#shared/driver/driver'
import { decode } from '../mapping/hydrate.ts'
import { UnreadableResultError } from './errors.ts'
import type { OutputNode } from './nodes.ts'

/**
 * A row as an object, put together by position: two columns of one name stay two.
 *
 * @throws {UnreadableValueError} or {UnreadableResultError} when a value cannot be read as its type
 */
export const readRow = (outputs: readonly OutputNode[], row: readonly Value[]): object =>
  Object.fromEntries(outputs.map((output, i) => [output.property, read(output, row[i] ?? null)]))

function read({ property, type, column }: OutputNode, value: Value): unknown {
  if (column) return decode(column, value)
  if (!type || value === null) return value
  try {
    return type.fromDatabase(value)
  } catch (cause) {
    throw new UnreadableResultError(property, type.name, value, cause)
  }
}
