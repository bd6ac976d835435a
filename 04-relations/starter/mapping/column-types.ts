import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'

/** How one kind of value looks in the program and in the database, and the way from one to the other. */
export interface ColumnType<T = unknown> {
  readonly name: string
  /** The type in CREATE TABLE. */
  readonly sql: Readonly<Record<Dialect['name'], string>>
  /** The values that a column of this type takes, in words for an error message. */
  readonly expects: string
  /** Whether a value of the program may go into the column. */
  accepts(value: unknown): boolean
  /** Dehydration: the value as the database keeps it. Never called with null. */
  toDatabase(value: T, dialect: Dialect): Value
  /** Hydration: the value as the program uses it. Never called with null. Throws when the type cannot read the value. */
  fromDatabase(value: Value): T
  /** Whether two values of the database mean the same. Without it they must be identical. */
  isSame?(one: Value, other: Value): boolean
}

/** Whole numbers that JavaScript can count exactly: up to 2^53. */
export const integer: ColumnType<number> = {
  name: 'integer',
  sql: { sqlite: 'INTEGER', postgres: 'INTEGER' },
  expects: 'a whole number up to 2^53 (declare t.bigint() for larger ones)',
  accepts: (value) => Number.isSafeInteger(value),
  toDatabase: (value) => value,
  fromDatabase: (value) => readable(integer, value),
}

/** Whole numbers of 64 bits, as JavaScript's bigint. PostgreSQL sends them as text, SQLite's driver as number or bigint. */
export const bigint: ColumnType<bigint> = {
  name: 'bigint',
  sql: { sqlite: 'INTEGER', postgres: 'BIGINT' },
  expects: 'a bigint of at most 64 bits, such as 12n',
  accepts: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  toDatabase: (value) => value,
  // BigInt('') is 0n, which nobody wrote.
  fromDatabase: (value) =>
    String(value).trim() === ''
      ? readable(bigint, value)
      : BigInt(value as number | bigint | string),
  isSame: (one, other) => String(one) === String(other),
}

/** Numbers with a fraction. NaN is refused: SQLite would store NULL in its place. */
export const real: ColumnType<number> = {
  name: 'real',
  sql: { sqlite: 'REAL', postgres: 'DOUBLE PRECISION' },
  expects: 'a number that is not NaN',
  accepts: (value) => typeof value === 'number' && !Number.isNaN(value),
  toDatabase: (value) => value,
  fromDatabase: (value) => readable(real, typeof value === 'bigint' ? Number(value) : value),
}

export const text: ColumnType<string> = {
  name: 'text',
  sql: { sqlite: 'TEXT', postgres: 'TEXT' },
  expects: 'a string',
  accepts: (value) => typeof value === 'string',
  toDatabase: (value) => value,
  fromDatabase: (value) => String(value),
}

/** SQLite has no booleans: it keeps 1 and 0. */
export const boolean: ColumnType<boolean> = {
  name: 'boolean',
  sql: { sqlite: 'INTEGER', postgres: 'BOOLEAN' },
  expects: 'true or false',
  accepts: (value) => typeof value === 'boolean',
  toDatabase: (value, dialect) => (dialect.hasBooleans ? value : Number(value)),
  fromDatabase: (value) => readable(boolean, value === 1 ? true : value === 0 ? false : value),
}

/** A moment in time. Kept as ISO 8601 in UTC, which sorts as text in the order of time. */
export const timestamp: ColumnType<Date> = {
  name: 'timestamp',
  sql: { sqlite: 'TEXT', postgres: 'TIMESTAMPTZ' },
  expects: 'a valid Date',
  accepts: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  toDatabase: (value) => value.toISOString(),
  fromDatabase: (value) => readable(timestamp, parseTimestamp(String(value))),
  isSame: (one, other) =>
    parseTimestamp(String(one)).getTime() === parseTimestamp(String(other)).getTime(),
}

/** SQLite's CURRENT_TIMESTAMP writes `2026-01-05 09:00:00`: UTC without saying so, which Date would read as local time. */
function parseTimestamp(text: string): Date {
  // Most end with the Z that toDatabase has written: that is seen without a closer look.
  const saysZone = text.endsWith('Z') || /(Z|[+-]\d\d(:?\d\d)?)$/i.test(text)
  return new Date(saysZone ? text : `${text.replace(' ', 'T')}Z`)
}

/** Anything that JSON can say: kept as text. Two texts that say the same are no change. */
export const json: ColumnType = {
  name: 'json',
  sql: { sqlite: 'TEXT', postgres: 'JSONB' },
  expects: 'a value that JSON can say',
  accepts: isJson,
  toDatabase: (value) => JSON.stringify(value),
  fromDatabase: (value) => JSON.parse(String(value)),
  isSame: (one, other) => one === other || canonical(String(one)) === canonical(String(other)),
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false // a bigint, or an object that contains itself
  }
}

/** The same JSON in one spelling: without spaces, keys in order. */
function canonical(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value) =>
    value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort(byKey)) : value,
  )
}

type Entry = readonly [key: string, value: unknown]

const byKey = ([one]: Entry, [other]: Entry) => (one < other ? -1 : 1)

/** One of a few words. The database checks it too. */
export function enumeration<Word extends string>(words: readonly Word[]): EnumType<Word> {
  const type: EnumType<Word> = {
    name: 'enum',
    words,
    sql: text.sql,
    expects: `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`,
    accepts: (value) => words.includes(value as Word),
    toDatabase: (value) => value,
    fromDatabase: (value) => readable(type, value),
  }
  return type
}

export interface EnumType<Word extends string = string> extends ColumnType<Word> {
  readonly words: readonly Word[]
}

/** Bytes. Copied on the way in, so that a change in place is seen as a change. */
export const blob: ColumnType<Uint8Array> = {
  name: 'blob',
  sql: { sqlite: 'BLOB', postgres: 'BYTEA' },
  expects: 'a Uint8Array',
  accepts: (value) => value instanceof Uint8Array,
  toDatabase: (value) => Uint8Array.from(value),
  fromDatabase: (value) => Uint8Array.from(readable(blob, value)),
  isSame: (one, other) => Buffer.compare(one as Uint8Array, other as Uint8Array) === 0,
}

/**
 * What was read, when the type takes it: a guess would be saved as if it were true.
 *
 * @throws {RangeError} when it does not
 */
function readable<T>(type: ColumnType<T>, value: unknown): T {
  if (type.accepts(value)) return value as T
  throw new RangeError(`expected ${type.expects}`)
}
