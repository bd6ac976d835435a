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

const rowKey = (type: { table: typeof User.table }, ...row: Value[]) => identityKey(type.table, row)

describe('Task 1: give every row a key', () => {
  it('is the same for the same row, read twice', () => {
    expect(rowKey(User, 1, 'Alice')).toBe(rowKey(User, 1, 'Alicia'))
    expect(rowKey(Country, 'de', 'Germany')).toBe(rowKey(Country, 'de', 'Deutschland'))
  })

  it('is another one for another row', () => {
    expect(rowKey(User, 1)).not.toBe(rowKey(User, 2))
    expect(rowKey(Country, 'de')).not.toBe(rowKey(Country, 'fr'))
  })

  it('can be the key of a Map', () => {
    const map = new Map([[rowKey(PostTag, 1, 2), 'found']])

    expect(map.get(rowKey(PostTag, 1, 2))).toBe('found')
    expect(map.get(rowKey(PostTag, 2, 1))).toBeUndefined()
    expect(map.get(rowKey(PostTag, 1, 3))).toBeUndefined()
  })

  it('takes the columns of the key, wherever they stand in the row', () => {
    expect(rowKey(Seat, 20, 1, 'aisle', 2)).toBe(rowKey(Seat, 35, 1, 'window', 2))
    expect(rowKey(Seat, 20, 1, 'aisle', 2)).not.toBe(rowKey(Seat, 20, 1, 'aisle', 3))
  })

  it('takes 1 and 1n for one key, because one driver sends this and another one that', () => {
    expect(rowKey(User, 1)).toBe(rowKey(User, 1n))
    expect(rowKey(PostTag, 1, 2n)).toBe(rowKey(PostTag, 1n, 2))
  })

  it('keeps 1 and the text "1" apart', () => {
    expect(rowKey(User, 1)).not.toBe(rowKey(Country, '1'))
    expect(rowKey(PostTag, 1, 2)).not.toBe(rowKey(PostTag, '1', 2))
  })

  it('keeps large numbers apart that are one as a double', () => {
    expect(rowKey(Star, 9007199254740992n)).not.toBe(rowKey(Star, 9007199254740993n))
    expect(rowKey(PostTag, 9007199254740992n, 1)).not.toBe(rowKey(PostTag, 9007199254740993n, 1))
  })

  it('keeps the parts of a composite key apart', () => {
    expect(rowKey(PostTag, '1-2', '3')).not.toBe(rowKey(PostTag, '1', '2-3'))
    expect(rowKey(PostTag, 'a","b', 'c')).not.toBe(rowKey(PostTag, 'a', 'b","c'))
  })

  it('keeps a text apart that looks like a composite key', () => {
    for (const text of ['[1,2]', '1,2]', '[1,2', '1,2', '1-2', '1'])
      expect(rowKey(Country, text), text).not.toBe(rowKey(PostTag, 1, 2))
  })

  it('compares bytes by what they hold', () => {
    expect(rowKey(Country, Uint8Array.of(1, 2))).toBe(rowKey(Country, Uint8Array.of(1, 2)))
    expect(rowKey(Country, Uint8Array.of(1, 2))).not.toBe(rowKey(Country, Uint8Array.of(1, 3)))
  })

  it('knows 0 and the empty text as keys', () => {
    expect(rowKey(User, 0)).toBe(rowKey(User, 0n))
    expect(rowKey(Country, '')).not.toBe(rowKey(User, 0))
  })
})
