import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import {
  ConditionError,
  fetchAll,
  from,
  InvalidValueError,
  NullComparisonError,
  UndefinedValueError,
  UnknownSourceError,
} from '#stage/03-query-builder'
import { Post, User } from './models.ts'

describe('Task 2: columns that compare', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
  })

  const namesWhere = (condition: Parameters<ReturnType<typeof users>['where']>[0]) =>
    fetchAll(db, users().where(condition)).map(({ name }) => name)
  const users = () =>
    from(User)
      .select((u) => ({ name: u.name }))
      .orderBy((u) => u.id)

  it('gives the same columns everywhere, one for each property', () => {
    const seen: unknown[] = []
    for (const source of [User, User])
      from(source).where((u) => {
        seen.push(u.age)
        return u.age.gt(18)
      })

    expect(seen).toEqual([User.c.age, User.c.age])
    expect(seen[0]).toBe(seen[1])
    expect(Object.keys(User.c)).toEqual(['id', 'name', 'email', 'age', 'accountType', 'joinedAt'])
  })

  it('writes a comparison as SQL with a parameter', () => {
    const query = from(User)
      .where((u) => u.age.gt(18))
      .select((u) => ({ id: u.id, name: u.name }))

    expect(query.compile()).toEqual({
      sql: 'SELECT id, name FROM users WHERE age > ?',
      params: [18],
    })
  })

  it('compares', () => {
    expect(namesWhere((u) => u.age.eq(30))).toEqual(['Alice'])
    expect(namesWhere((u) => u.age.gt(25))).toEqual(['Alice'])
    expect(namesWhere((u) => u.age.gte(25))).toEqual(['Alice', 'Bob'])
    expect(namesWhere((u) => u.age.lt(30))).toEqual(['Bob'])
    expect(namesWhere((u) => u.age.lte(30))).toEqual(['Alice', 'Bob'])
  })

  it('finds with ne() also the rows that have no value at all', () => {
    expect(namesWhere((u) => u.age.ne(30))).toEqual(['Bob', 'Carol'])
  })

  it('compares with another column', () => {
    const query = from(Post)
      .where((p) => p.editorId.gt(p.userId))
      .select((p) => ({ id: p.id }))

    expect(fetchAll(db, query)).toEqual([{ id: 2 }])
  })

  it('joins conditions by and() and or()', () => {
    expect(namesWhere((u) => u.age.gt(18).and(u.accountType.eq('free')))).toEqual(['Bob'])
    expect(namesWhere((u) => u.age.gt(28).or(u.name.eq('Carol')))).toEqual(['Alice', 'Carol'])
  })

  it('joins several where() by AND', () => {
    const query = users()
      .where((u) => u.age.gte(25))
      .where(User.c.accountType.eq('free'))

    expect(fetchAll(db, query)).toEqual([{ name: 'Bob' }])
  })

  it('sends every value as the type of its column', () => {
    const query = from(Post)
      .where((p) => p.published.eq(true))
      .where((p) => p.createdAt.lt(new Date('2026-04-02T00:00:00Z')))
      .select((p) => ({ published: p.published, createdAt: p.createdAt }))

    expect(query.compile().params).toEqual([1, '2026-04-02T00:00:00.000Z'])
    expect(fetchAll(db, query)).toEqual([
      { published: true, createdAt: new Date('2026-04-01T08:00:00Z') },
    ])
  })

  it('refuses a value that its column does not take', () => {
    expect(raised(() => User.c.age.gt('18' as never))).toBeInstanceOf(InvalidValueError)
    expect(raised(() => User.c.accountType.eq('gold' as never))).toBeInstanceOf(InvalidValueError)
    expect(raised(() => User.c.age.gt(Number.NaN))).toBeInstanceOf(InvalidValueError)
  })

  it('refuses undefined: a forgotten value must not mean every row', () => {
    const id: number | undefined = new Map<string, number>().get('missing')

    expect(raised(() => User.c.id.eq(id as never))).toBeInstanceOf(UndefinedValueError)
  })

  it('refuses to ask whether something is greater than null', () => {
    expect(raised(() => User.c.age.gt(null as never))).toBeInstanceOf(NullComparisonError)
  })

  it('notices when JavaScript has compared in its place', () => {
    const mistake = () => from(User).where((u) => ((u.age as never) > 18) as never)
    const forgotten = () => from(User).where((u) => void u.age.gt(18) as never)

    expect(raised(mistake)).toBeInstanceOf(ConditionError)
    expect(raised(mistake)).toHaveProperty('message', expect.stringContaining('u.age.gt(18)'))
    expect(raised(forgotten)).toBeInstanceOf(ConditionError)
  })

  it('notices a column of a table that the query does not read', () => {
    const query = from(User).where(Post.c.title.eq('My First Post'))

    expect(raised(() => query.compile())).toBeInstanceOf(UnknownSourceError)
  })
})
