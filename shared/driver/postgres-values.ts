import type { Value } from './driver.ts'

/** What PostgreSQL sends is text. This reads it as the driver's values: the same that SQLite gives, for every connection alone. */
export const valueTypes = { getTypeParser: (oid: number) => parsers.get(oid) ?? asText }

type Parser = (text: string) => Value

const asText: Parser = (text) => text
const asBoolean: Parser = (text) => text === 't'
const asNumber: Parser = Number

/** A number where it keeps every digit, a bigint beyond. */
const asInteger: Parser = (text) => {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

/** `\x00ff` */
const asBytes: Parser = (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))

/**
 * By the number of the type. All other types stay text: numeric keeps its digits, and times and JSON are read by their column types.
 *
 * @see https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
 */
const parsers = new Map<number, Parser>([
  [16, asBoolean], // bool
  [17, asBytes], // bytea
  [20, asInteger], // int8
  [21, asNumber], // int2
  [23, asNumber], // int4
  [26, asNumber], // oid
  [700, asNumber], // float4
  [701, asNumber], // float8
])

/** What `pg` can send. It knows no bigint, and takes other bytes than a Buffer's for JSON. */
export function sendable(value: Value): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return value
}
