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
import { statementOf } from './statement-of.ts'

describe('Task 2: columns that compare', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
  })

  /** The names that a condition finds. A failure shows the statement that was sent. */
  const expectNames = (condition: Parameters<ReturnType<typeof users>['where']>[0]) => {
    const query = users().where(condition)
    const names = fetchAll(db, query).map(({ name }) => name)
    return expect(names, statementOf(query.compile()))
  }
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
    expectNames((u) => u.age.eq(30)).toEqual(['Alice'])
    expectNames((u) => u.age.gt(25)).toEqual(['Alice'])
    expectNames((u) => u.age.gte(25)).toEqual(['Alice', 'Bob'])
    expectNames((u) => u.age.lt(30)).toEqual(['Bob'])
    expectNames((u) => u.age.lte(30)).toEqual(['Alice', 'Bob'])
  })

  it('finds with ne() also the rows that have no value at all', () => {
    expectNames((u) => u.age.ne(30)).toEqual(['Bob', 'Carol'])
  })

  it('compares with another column', () => {
    const query = from(Post)
      .where((p) => p.editorId.gt(p.userId))
      .select((p) => ({ id: p.id }))

    expect(fetchAll(db, query), statementOf(query.compile())).toEqual([{ id: 2 }])
  })

  it('compares with something computed', () => {
    expectNames((u) => u.age.lt(u.age.plus(1))).toEqual(['Alice', 'Bob'])
    expectNames((u) => u.age.eq(u.id.plus(23))).toEqual(['Bob'])
  })

  it('gives a condition that knows it is true or false', () => {
    const { age } = User.c
    const boolean = age.isNull().type

    expect(age.eq(30).type).toBe(boolean)
    expect(age.ne(30).type).toBe(boolean)
    expect(age.gt(30).type).toBe(boolean)
    expect(age.eq(30).and(age.gt(18)).type).toBe(boolean)
    expect(age.eq(30).or(age.gt(18)).type).toBe(boolean)
  })

  it('makes one frozen node of a chain of and(), and of or()', () => {
    const { age, name } = User.c
    const all = age.gt(18).and(age.lt(40)).and(name.eq('Bob'))
    const any = age.gt(28).or(name.eq('Bob')).or(name.eq('Carol'))

    expect(all.node).toMatchObject({ kind: 'logical', operator: 'AND', terms: { length: 3 } })
    expect(any.node).toMatchObject({ kind: 'logical', operator: 'OR', terms: { length: 3 } })
    expect(Object.isFrozen(all.node), 'queries share their nodes').toBe(true)
    expect(Object.isFrozen(any.node), 'queries share their nodes').toBe(true)
  })

  it('joins conditions by and() and or()', () => {
    expectNames((u) => u.age.gt(18).and(u.accountType.eq('free'))).toEqual(['Bob'])
    expectNames((u) => u.age.gt(28).or(u.name.eq('Carol'))).toEqual(['Alice', 'Carol'])
  })

  it('joins several where() by AND', () => {
    const query = users()
      .where((u) => u.age.gte(25))
      .where(User.c.accountType.eq('free'))

    expect(fetchAll(db, query), statementOf(query.compile())).toEqual([{ name: 'Bob' }])
  })

  it('sends every value as the type of its column', () => {
    const query = from(Post)
      .where((p) => p.published.eq(true))
      .where((p) => p.createdAt.lt(new Date('2026-04-02T00:00:00Z')))
      .select((p) => ({ published: p.published, createdAt: p.createdAt }))

    expect(query.compile().params).toEqual([1, '2026-04-02T00:00:00.000Z'])
    expect(fetchAll(db, query), statementOf(query.compile())).toEqual([
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
