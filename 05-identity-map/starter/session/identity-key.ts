import type { Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
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
  // TODO(1): take the values of the key's columns out of the row: one of them by `keyOf`, several by `compositeKey`.
  return todo('Task 1: give every row a key')
}

/** The same key from the values alone, in the order of the key's columns. */
export function keyOfValues(values: readonly Value[]): IdentityKey {
  return values.length === 1 ? keyOf(values[0] ?? null) : compositeKey(values)
}

function keyOf(value: Value): IdentityKey {
  // TODO(1): a number is its own key, and a small bigint becomes one (`narrow`). A text must meet neither a number
  // nor a composite key. Bytes are compared by what they hold: `compositeKey` can do that.
  return todo('Task 1: give every row a key')
}

/** JSON keeps the parts apart: joined by a dash, ['1-2', '3'] and ['1', '2-3'] would be one key. */
function compositeKey(values: readonly Value[]): string {
  // TODO(1): JSON of the parts; `part` gives each value in a form that JSON can write.
  return todo('Task 1: give every row a key')
}

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
