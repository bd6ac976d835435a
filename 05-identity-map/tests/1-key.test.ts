import { describe, expect, it } from 'vitest'
import type { Value } from '#shared/driver/driver'
import { entity, identityKey, Registry, t } from '#stage/05-identity-map'
import { Country, PostTag, Star, User } from './models.ts'

/** The columns of its key stand neither first nor together. */
class Seat extends entity(
  'seats',
  {
    price: t.integer(),
    row: t.integer().primaryKey({ generated: false }),
    note: t.text(),
    place: t.integer().primaryKey({ generated: false }),
  },
  { registry: new Registry() },
) {}

const keyOf = (type: { table: typeof User.table }, ...row: Value[]) => identityKey(type.table, row)

describe('Task 1: give every row a key', () => {
  it('is the same for the same row, read twice', () => {
    expect(keyOf(User, 1, 'Alice')).toBe(keyOf(User, 1, 'Alicia'))
    expect(keyOf(Country, 'de', 'Germany')).toBe(keyOf(Country, 'de', 'Deutschland'))
  })

  it('is another one for another row', () => {
    expect(keyOf(User, 1)).not.toBe(keyOf(User, 2))
    expect(keyOf(Country, 'de')).not.toBe(keyOf(Country, 'fr'))
  })

  it('can be the key of a Map', () => {
    const map = new Map([[keyOf(PostTag, 1, 2), 'found']])

    expect(map.get(keyOf(PostTag, 1, 2))).toBe('found')
    expect(map.get(keyOf(PostTag, 2, 1))).toBeUndefined()
    expect(map.get(keyOf(PostTag, 1, 3))).toBeUndefined()
  })

  it('takes the columns of the key, wherever they stand in the row', () => {
    expect(keyOf(Seat, 20, 1, 'aisle', 2)).toBe(keyOf(Seat, 35, 1, 'window', 2))
    expect(keyOf(Seat, 20, 1, 'aisle', 2)).not.toBe(keyOf(Seat, 20, 1, 'aisle', 3))
  })

  it('takes 1 and 1n for one key, because one driver sends this and another one that', () => {
    expect(keyOf(User, 1)).toBe(keyOf(User, 1n))
    expect(keyOf(PostTag, 1, 2n)).toBe(keyOf(PostTag, 1n, 2))
  })

  it('keeps 1 and the text "1" apart', () => {
    expect(keyOf(User, 1)).not.toBe(keyOf(Country, '1'))
    expect(keyOf(PostTag, 1, 2)).not.toBe(keyOf(PostTag, '1', 2))
  })

  it('keeps large numbers apart that are one as a double', () => {
    expect(keyOf(Star, 9007199254740992n)).not.toBe(keyOf(Star, 9007199254740993n))
    expect(keyOf(PostTag, 9007199254740992n, 1)).not.toBe(keyOf(PostTag, 9007199254740993n, 1))
  })

  it('keeps the parts of a composite key apart', () => {
    expect(keyOf(PostTag, '1-2', '3')).not.toBe(keyOf(PostTag, '1', '2-3'))
    expect(keyOf(PostTag, 'a","b', 'c')).not.toBe(keyOf(PostTag, 'a', 'b","c'))
  })

  it('keeps a text apart that looks like a composite key', () => {
    for (const text of ['[1,2]', '1,2]', '[1,2', '1,2', '1-2', '1'])
      expect(keyOf(Country, text), text).not.toBe(keyOf(PostTag, 1, 2))
  })

  it('compares bytes by what they hold', () => {
    expect(keyOf(Country, Uint8Array.of(1, 2))).toBe(keyOf(Country, Uint8Array.of(1, 2)))
    expect(keyOf(Country, Uint8Array.of(1, 2))).not.toBe(keyOf(Country, Uint8Array.of(1, 3)))
  })

  it('knows 0 and the empty text as keys', () => {
    expect(keyOf(User, 0)).toBe(keyOf(User, 0n))
    expect(keyOf(Country, '')).not.toBe(keyOf(User, 0))
  })
})
