import type { Value } from '#shared/driver/driver'
import { mappingOf } from './inheritance.ts'
import { type Mapped, stateOf } from './mapped.ts'

/**
 * An object as an error message or a report calls it.
 *
 * @example
 * nameOf(user)        // User#1
 * nameOf(pair)        // PostTag#1,2
 * nameOf(new User())  // new User
 */
export function nameOf(object: Mapped): string {
  const { table } = mappingOf(object)
  const { row } = stateOf(object)
  const name = object.constructor.name || table.name
  if (row.length === 0) return `new ${name}`
  return `${name}#${table.primaryKey.map(({ index }) => keyPart(row[index] ?? null)).join()}`
}

const keyPart = (value: Value) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
