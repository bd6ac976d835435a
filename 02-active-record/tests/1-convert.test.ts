import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgres, sqlite } from '#shared/driver/dialect'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import { t } from '#stage/02-active-record'

const boolean = t.boolean().definition.type
const timestamp = t.timestamp().definition.type
const json = t.json().definition.type
const bigint = t.bigint().definition.type
const blob = t.blob().definition.type

describe('Task 1: convert values both ways', () => {
  it('keeps true and false as 1 and 0 where the database has no booleans', () => {
    expect([true, false].map((value) => boolean.toDatabase(value, sqlite))).toEqual([1, 0])
  })

  it('keeps true and false where the database has booleans', () => {
    expect([true, false].map((value) => boolean.toDatabase(value, postgres))).toEqual([true, false])
  })

  it('reads 1 and 0 as true and false', () => {
    expect([1, 0].map((value) => boolean.fromDatabase(value))).toEqual([true, false])
  })

  it('reads the booleans of a database that has them', () => {
    expect([true, false].map((value) => boolean.fromDatabase(value))).toEqual([true, false])
  })

  it.each(['false', '1', '0', '', 2, -1, 0.5])(
    'does not guess at %j, which is no boolean',
    (value) => {
      expect(raised(() => boolean.fromDatabase(value))).toBeInstanceOf(Error)
    },
  )

  it('keeps a moment as text in UTC', () => {
    expect(timestamp.toDatabase(new Date(Date.UTC(2026, 0, 5, 9, 30)), sqlite)).toBe(
      '2026-01-05T09:30:00.000Z',
    )
  })

  it('reads a moment back to the millisecond', () => {
    expect(timestamp.fromDatabase('2026-01-05T09:30:00.123Z')).toEqual(
      new Date(Date.UTC(2026, 0, 5, 9, 30, 0, 123)),
    )
  })

  it('reads a moment that names its zone', () => {
    expect(timestamp.fromDatabase('2026-01-05T10:30:00+01:00')).toEqual(
      new Date(Date.UTC(2026, 0, 5, 9, 30)),
    )
  })

  it('refuses a text that is no moment', () => {
    expect(raised(() => timestamp.fromDatabase('yesterday'))).toBeInstanceOf(Error)
  })

  it('accepts a valid Date and nothing else', () => {
    expect(timestamp.accepts(new Date(0))).toBe(true)
    expect(timestamp.accepts(new Date('tomorrow'))).toBe(false)
    expect(timestamp.accepts('2026-01-05')).toBe(false)
    expect(timestamp.accepts(1_767_603_600_000)).toBe(false)
  })

  it('keeps lists and objects as the text of JSON, and reads them back', () => {
    const value = { theme: 'dark', sizes: [1, 2.5], nothing: null, name: 'Zoë "Z"' }

    const kept = json.toDatabase(value, sqlite)

    expect(kept).toBeTypeOf('string')
    expect(json.fromDatabase(kept)).toEqual(value)
  })

  it.each(['dark', '1', 'null', ''])('keeps the text %j a text, and no other JSON', (value) => {
    expect(json.fromDatabase(json.toDatabase(value, sqlite))).toBe(value)
  })

  it('refuses a text that is no JSON', () => {
    expect(raised(() => json.fromDatabase('{theme: dark}'))).toBeInstanceOf(Error)
  })

  it.each([9_007_199_254_740_993n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 0n])(
    'carries %s through a database without losing a digit',
    (value) => {
      const kept = bigint.toDatabase(value, sqlite)

      expect(bigint.fromDatabase(throughDatabase('INTEGER', kept))).toBe(value)
    },
  )

  it('reads a bigint that the database sends as text', () => {
    expect(bigint.fromDatabase('9007199254740993')).toBe(9_007_199_254_740_993n)
  })

  it.each(['', ' ', 'many', 1.5])('does not guess at %j, which is no bigint', (value) => {
    expect(raised(() => bigint.fromDatabase(value))).toBeInstanceOf(Error)
  })

  it('carries bytes through a database', () => {
    const kept = blob.toDatabase(Uint8Array.of(0, 127, 255), sqlite)

    const read = blob.fromDatabase(throughDatabase('BLOB', kept))

    expect(Uint8Array.from(read)).toEqual(Uint8Array.of(0, 127, 255))
  })

  it.each([
    ['a Uint8Array', Uint8Array.of(1, 2, 3)],
    ['a Buffer', Buffer.from([1, 2, 3])],
  ])('copies %s on its way in, so that a later change stays outside', (_, bytes) => {
    const kept = blob.toDatabase(bytes, sqlite)

    bytes[0] = 99

    expect(kept).toHaveProperty('0', 1)
  })

  it('copies bytes on their way out, so that a change does not reach the row', () => {
    const kept = Buffer.from([1, 2, 3])

    blob.fromDatabase(kept)[0] = 99

    expect(kept[0]).toBe(1)
  })

  it('refuses a text where bytes should be', () => {
    expect(raised(() => blob.fromDatabase('abc'))).toBeInstanceOf(Error)
  })

  describe('wherever the program runs', () => {
    const zone = process.env.TZ

    beforeEach(() => {
      process.env.TZ = 'America/New_York'
    })

    afterEach(() => {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    })

    it('reads the time that the database itself writes as UTC', () => {
      const written = throughDatabase('TEXT', null, "datetime('2026-01-05 09:30:00')")

      expect(timestamp.fromDatabase(written)).toEqual(new Date(Date.UTC(2026, 0, 5, 9, 30)))
    })
  })
})

describe('Given: types that are written already', () => {
  const integer = t.integer().definition.type
  const real = t.real().definition.type
  const word = t.enum('low', 'high').definition.type

  it('integer takes whole numbers that JavaScript can count, and no others', () => {
    expect([0, -1, 2 ** 53 - 1].map((value) => integer.accepts(value))).toEqual([true, true, true])
    expect([1.5, Number.NaN, 2 ** 53, 1n, '1'].map((value) => integer.accepts(value))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
  })

  it('integer refuses to read what a number cannot hold, and says what to declare', () => {
    const error = raised(() => integer.fromDatabase(9_007_199_254_740_993n))

    expect(error).toBeInstanceOf(RangeError)
    expect(error).toHaveProperty('message', expect.stringContaining('declare t.bigint()'))
  })

  it('real refuses NaN, because SQLite would store NULL', () => {
    expect(real.accepts(Number.NaN)).toBe(false)
    expect(real.accepts(0.1)).toBe(true)
    expect(raised(() => real.fromDatabase('many'))).toBeInstanceOf(RangeError)
    expect(raised(() => real.fromDatabase(''))).toBeInstanceOf(RangeError)
  })

  it('enum takes and reads its own words only', () => {
    expect(word.accepts('low')).toBe(true)
    expect(word.accepts('Low')).toBe(false)
    expect(raised(() => word.fromDatabase('middle'))).toBeInstanceOf(RangeError)
  })

  it('json refuses what JSON cannot say', () => {
    const loop: unknown[] = []
    loop.push(loop)

    expect([undefined, () => 1, 1n, loop].map((value) => json.accepts(value))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('two spellings of one JSON value are the same', () => {
    expect(json.isSame?.('{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }')).toBe(true)
    expect(json.isSame?.('[1,2]', '[2,1]')).toBe(false)
  })
})

/** What comes back when a value, or what an expression gives, is stored in a column of a real database. */
function throughDatabase(
  type: string,
  value: Parameters<typeof bigint.fromDatabase>[0],
  sql = '?',
) {
  const db = openSqlite()
  db.exec(`CREATE TABLE kept (value ${type})`)
  db.run(`INSERT INTO kept VALUES (${sql})`, sql === '?' ? [value] : [])
  return db.values('SELECT value FROM kept')[0]?.[0] ?? null
}
