import type { Value } from '#shared/driver/driver'
import type { Table } from '../mapping/table.ts'

/** What tells the objects of one table apart: two keys of the same row are the same value for a Map. */
export type IdentityKey = string | number | bigint

/**
 * The key of a row. A whole number is the same key whether it came as number or bigint; a number and a text never meet.
 *
 * @example
 * identityKey(User.table, [1, 'Alice']) // 1
 * identityKey(PostTag.table, [1, 2])    // '[1,2]'
 */
export function identityKey(
  { primaryKey }: Table,
  row: readonly (Value | undefined)[],
): IdentityKey {
  if (primaryKey.length === 1) return keyOf(row[primaryKey[0]!.index] ?? null)
  return compositeKey(primaryKey.map(({ index }) => row[index] ?? null))
}

/** The same key from the values alone, in the order of the key's columns. */
export function keyOfValues(values: readonly Value[]): IdentityKey {
  return values.length === 1 ? keyOf(values[0] ?? null) : compositeKey(values)
}

function keyOf(value: Value): IdentityKey {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return narrow(value)
  // The mark keeps the text '[1,2]' apart from the composite key of 1 and 2.
  if (typeof value === 'string') return `'${value}`
  return compositeKey([value])
}

/** JSON keeps the parts apart: joined by a dash, ['1-2', '3'] and ['1', '2-3'] would be one key. */
const compositeKey = (values: readonly Value[]) => JSON.stringify(values.map(part))

function part(value: Value): unknown {
  if (typeof value === 'bigint') {
    const number = narrow(value)
    return typeof number === 'number' ? number : { bigint: String(number) }
  }
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value
}

function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
