import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  bind,
  ColumnTypeError,
  columnInteger,
  columnText,
  type Database,
  DatabaseError,
  finalize,
  ParameterCountError,
  prepare,
  type Statement,
  step,
  UnsupportedValueError,
  type Value,
} from '#stage/01-manual-mapping'
import { leaveNothingBehind, openUsers, readNumber } from './fixture.ts'

let db: Database
beforeEach(() => {
  db = openUsers()
})
afterEach((context) => leaveNothingBehind(db, context))

/** Binds, takes the first row, and reads it. */
function firstRow<T>(sql: string, parameters: readonly Value[], read: (row: Statement) => T): T {
  const statement = prepare(db, sql, parameters)
  try {
    bind(statement)
    step(statement)
    return read(statement)
  } finally {
    finalize(statement)
  }
}

const textOf = (sql: string, ...parameters: Value[]) =>
  firstRow(sql, parameters, (row) => columnText(row, 0))

const integerOf = (sql: string, ...parameters: Value[]) =>
  firstRow(sql, parameters, (row) => columnInteger(row, 0))

describe('Task 2: bind the values', () => {
  it("takes O'Malley as she is", () => {
    expect(textOf('SELECT ?', "Moira O'Malley")).toBe("Moira O'Malley")
  })

  it('takes an attack as a strange name', () => {
    const attack = "m@example.com'); DELETE FROM users; --"

    expect(textOf('SELECT ?', attack)).toBe(attack)
    expect(readNumber(db, 'SELECT count(*) FROM users')).toBe(2)
  })

  it.each<[string, Value, string]>([
    ['null', null, 'null'],
    ['an empty text', '', 'text'],
    ['a text', 'Alice', 'text'],
    ['a whole number', 42, 'integer'],
    ['a fraction', 1.5, 'real'],
    ['infinity', Number.POSITIVE_INFINITY, 'real'],
    ['a number too large to be exact', 2 ** 60, 'real'],
    ['a bigint', 2n ** 60n, 'integer'],
  ])('gives %s the type that it is', (_what, value, type) => {
    expect(textOf('SELECT typeof(?)', value)).toBe(type)
  })

  it('lets SQLite copy each text, so that the second does not run over the first', () => {
    const both = textOf("SELECT ? || ' / ' || ?", 'Alice', 'Mallory')

    expect(both).toBe('Alice / Mallory')
  })

  it('counts bytes, not characters', () => {
    expect(textOf('SELECT ?', 'Zoë 🎈 née Łukasz')).toBe('Zoë 🎈 née Łukasz')
  })

  it('stores and reads a text with a NUL inside whole', () => {
    expect(textOf('SELECT hex(?)', 'A\0B')).toBe('410042')
    expect(textOf('SELECT ?', 'A\0B')).toBe('A\0B')
  })

  it('counts the question marks from 1 and keeps their order', () => {
    expect(textOf("SELECT ? || ? || ? || '.'", 'a', 'b', 'c')).toBe('abc.')
  })

  it.each([
    ['too few', ['Alice'], 'has 2 parameter(s), but 1 value(s)'],
    ['too many', ['Alice', 'a@example.com', 'more'], 'has 2 parameter(s), but 3 value(s)'],
  ])('refuses %s values, instead of filling up with NULL', (_what, values, counts) => {
    const error = raised(() => textOf('SELECT ?, ?', ...values))

    expect(error).toBeInstanceOf(ParameterCountError)
    expect(String(error)).toContain(counts)
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a boolean', true],
    ['a Date', new Date(0)],
    ['NaN, which would become NULL', Number.NaN],
    ['an integer of more than 64 bits', 2n ** 63n],
  ])('refuses %s', (_what, value) => {
    const error = raised(() => textOf('SELECT typeof(?), ?', value as Value, 'Alice'))

    expect(error).toBeInstanceOf(UnsupportedValueError)
    expect(String(error)).toContain('Parameter 1 is')
  })

  it('hears when SQLite refuses to bind', () => {
    const bindInTheMiddle = () => firstRow('SELECT ? FROM users', ['Alice'], (row) => bind(row))

    const error = raised(bindInTheMiddle)

    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as DatabaseError).code).toBe(21) // SQLITE_MISUSE: it is running already
  })

  it.each([0n, -1n, 2n ** 53n + 1n, -(2n ** 63n)])('gives the integer %s back exactly', (value) => {
    expect(integerOf('SELECT ?', value)).toBe(value)
  })

  it('tells NULL from an empty text and from zero', () => {
    expect(textOf('SELECT NULL')).toBeNull()
    expect(textOf("SELECT ''")).toBe('')
    expect(integerOf('SELECT NULL')).toBeNull()
    expect(integerOf('SELECT 0')).toBe(0n)
  })

  it.each([
    ['a BLOB as text', "SELECT x'0102' AS email", textOf, 'holds a BLOB, not TEXT'],
    ['an integer as text', 'SELECT 42 AS email', textOf, 'holds an INTEGER, not TEXT'],
    ['a text as an integer', "SELECT '42 or so' AS email", integerOf, 'holds TEXT, not an INTEGER'],
    ['a fraction as an integer', 'SELECT 1.5 AS email', integerOf, 'holds a FLOAT, not an INTEGER'],
  ])('refuses to read %s, and names the column', (_what, sql, read, types) => {
    const error = raised(() => read(sql))

    expect(error).toBeInstanceOf(ColumnTypeError)
    expect((error as Error).message).toContain('"email"')
    expect((error as Error).message).toContain(types)
  })
})
