import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { sqlite } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import { raised } from '#shared/testing/raised'
import {
  dehydrate,
  hydrate,
  Model,
  Registry,
  t,
  UnreadableValueError,
} from '#stage/02-active-record'
import { open, Sample, Tag, User } from './models.ts'

const alice: Value[] = [1, 'Alice', 'alice@example.com', 30, 'premium', '2026-01-05T09:00:00.000Z']
const carol: Value[] = [3, 'Carol', 'carol@example.com', null, 'free', '2026-03-15T18:45:00.000Z']
const full: Value[] = [
  1,
  9_007_199_254_740_993n,
  0.5,
  1,
  '1970-01-01T00:00:00.000Z',
  '{"theme":"dark"}',
  'low',
  Buffer.of(1, 2),
]

describe('Task 4: hydrate a row', () => {
  it('gives an object of the class, with its methods', () => {
    const user = hydrate(User.table, User, alice)

    expectTypeOf(user).toEqualTypeOf<User>()
    expect(user).toBeInstanceOf(User)
    expect(user.greet()).toBe('Hi, Alice')
  })

  it('gives it a property for each column, in the order of the declaration', () => {
    const user = hydrate(User.table, User, alice)

    expect(Object.entries(user)).toEqual([
      ['id', 1],
      ['name', 'Alice'],
      ['email', 'alice@example.com'],
      ['age', 30],
      ['accountType', 'premium'],
      ['joinedAt', new Date(Date.UTC(2026, 0, 5, 9))],
    ])
  })

  it('converts every type on its way out', () => {
    expect({ ...hydrate(Sample.table, Sample, full) }).toEqual({
      id: 1,
      views: 9_007_199_254_740_993n,
      ratio: 0.5,
      flag: true,
      takenAt: new Date(0),
      settings: { theme: 'dark' },
      level: 'low',
      photo: Uint8Array.of(1, 2),
    })
  })

  it('keeps NULL as null, whatever the type', () => {
    const nothing = [1, null, null, null, null, null, null, null]

    const { id, ...rest } = hydrate(Sample.table, Sample, nothing)

    expect(id).toBe(1)
    expect(Object.values(rest)).toEqual([null, null, null, null, null, null, null])
    expect(hydrate(User.table, User, carol).age).toBeNull()
  })

  it('keeps 0, false and the empty text as what they are', () => {
    const { ratio, flag } = hydrate(Sample.table, Sample, [0, 0, 0, 0, null, null, null, null])

    expect([ratio, flag]).toEqual([0, false])
    expect(hydrate(User.table, User, [0, '', ...alice.slice(2)])).toMatchObject({ id: 0, name: '' })
  })

  it('does not run the constructor: the object is not new', () => {
    const welcomed: string[] = []
    class Member extends Model(
      'members',
      { id: t.integer().primaryKey(), name: t.text(), code: t.text().default(() => 'fresh') },
      { registry: new Registry() },
    ) {
      constructor(values: { name: string }) {
        super(values)
        welcomed.push(values.name)
      }
    }

    const member = hydrate(Member.table, Member, [1, 'Alice', 'old'])

    expect(member).toBeInstanceOf(Member)
    expect(member.code).toBe('old')
    expect(welcomed).toEqual([])
  })

  it('knows that the object stands in the database', () => {
    expect(hydrate(User.table, User, alice).status).toBe('persisted')
  })

  it('builds objects of a subclass too', () => {
    class Admin extends User {
      ban(user: User) {
        return `${this.name} bans ${user.name}`
      }
    }

    const admin = hydrate(User.table, Admin, alice)

    expect(admin.ban(hydrate(User.table, User, carol))).toBe('Alice bans Carol')
  })

  it('makes a new object each time, sharing nothing', () => {
    const [one, other] = [hydrate(User.table, User, alice), hydrate(User.table, User, alice)]
    one.joinedAt.setUTCFullYear(1999)

    expect(one).not.toBe(other)
    expect(other.joinedAt.getUTCFullYear()).toBe(2026)
  })

  it('shows its columns and nothing else in JSON and in console.log', () => {
    const user = hydrate(User.table, User, carol)

    expect(JSON.parse(JSON.stringify(user))).toEqual({
      id: 3,
      name: 'Carol',
      email: 'carol@example.com',
      age: null,
      accountType: 'free',
      joinedAt: '2026-03-15T18:45:00.000Z',
    })
    expect(inspect(user)).not.toContain('persisted')
  })

  it.each<[string, number, Value, string]>([
    ['a date that is none', 4, 'yesterday', 'samples.takenAt holds "yesterday"'],
    ['JSON that is none', 5, '{theme}', 'samples.settings holds "{theme}"'],
    ['a word outside the enum', 6, 'middle', 'samples.level holds "middle"'],
    ['a text where bytes should be', 7, 'abc', 'samples.photo holds "abc"'],
    ['too large an integer', 0, 9_007_199_254_740_993n, 'declare t.bigint()'],
  ])('names the column that holds %s', (_, place, value, message) => {
    const row = full.with(place, value)

    const error = raised(() => hydrate(Sample.table, Sample, row))

    expect(error).toBeInstanceOf(UnreadableValueError)
    expect(error).toHaveProperty('message', expect.stringContaining(message))
  })

  it('keeps the row as its snapshot', () => {
    const db = open()
    const tag = hydrate(Tag.table, Tag, [3, 'typescript'])

    tag.delete()

    expect(db).toHaveSent([{ statement: 'DELETE tags', parameters: [3] }])
  })

  it('is undone by dehydrate', () => {
    const again = dehydrate(Sample.table, hydrate(Sample.table, Sample, full), sqlite)

    expect(again.with(7, Buffer.from(again[7] as Uint8Array))).toEqual(full)
  })
})
