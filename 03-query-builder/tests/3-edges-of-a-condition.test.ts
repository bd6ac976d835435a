import { beforeEach, describe, expect, it } from 'vitest'
import { postgres } from '#shared/driver/dialect'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import {
  and,
  type Condition,
  fetchAll,
  from,
  NullInListError,
  not,
  or,
  Query,
  sql,
  TooManyParametersError,
} from '#stage/03-query-builder'
import { Post, Tag, User } from './models.ts'
import { statementOf } from './statement-of.ts'

describe('Task 3: the edges of a condition', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
  })

  /** The names that a condition finds. A failure shows the statement that was sent. */
  const expectNames = (condition: Condition) => {
    const query = from(User)
      .where(condition)
      .select((u) => ({ name: u.name }))
      .orderBy((u) => u.id)
    const names = fetchAll(db, query).map(({ name }) => name)
    return expect(names, statementOf(query.compile()))
  }

  it('finds the rows without a value by eq(null)', () => {
    expectNames(User.c.age.eq(null)).toEqual(['Carol'])
  })

  it('finds the rows with a value by ne(null)', () => {
    expectNames(User.c.age.ne(null)).toEqual(['Alice', 'Bob'])
  })

  it('does the same in the strings form', () => {
    const names = (['=', 'is', '!=', 'is not'] as const).map((operator) => {
      const built = new Query().select('name').from('users').where('age', operator, null).build()
      return db.all(built.sql, built.params).map(({ name }) => name)
    })

    expect(names).toEqual([['Carol'], ['Carol'], ['Alice', 'Bob'], ['Alice', 'Bob']])
  })

  it('finds those in a list, and those outside of it', () => {
    expectNames(User.c.name.in(['Alice', 'Carol', 'Dan'])).toEqual(['Alice', 'Carol'])
    expectNames(User.c.name.notIn(['Alice', 'Carol', 'Dan'])).toEqual(['Bob'])
  })

  it('makes a frozen node of a list', () => {
    const isIn = User.c.id.in([1, 2])

    expect(isIn.node).toMatchObject({ kind: 'in', items: { length: 2 } })
    expect(Object.isFrozen(isIn.node), 'queries share their nodes').toBe(true)
  })

  it('finds nothing in an empty list, and everything outside of it', () => {
    expectNames(User.c.id.in([])).toEqual([])
    expectNames(User.c.id.notIn([])).toEqual(['Alice', 'Bob', 'Carol'])
  })

  it('keeps an empty list valid inside of other conditions', () => {
    expectNames(User.c.id.in([]).or(User.c.name.eq('Bob'))).toEqual(['Bob'])
    expectNames(not(User.c.id.in([]))).toEqual(['Alice', 'Bob', 'Carol'])
    expect(from(User).where(User.c.id.in([])).compile(postgres).sql).not.toContain('()')
  })

  it.each(['in', 'notIn'] as const)('refuses null in the list of %s()', (method) => {
    const list = [1, null] as number[]

    expect(raised(() => User.c.id[method](list))).toBeInstanceOf(NullInListError)
    expect(String(raised(() => User.c.id[method](list)))).toContain(`${method}() was given a list`)
  })

  it('finds those in a query, and those outside of it', () => {
    const authors = from(Post).select((p) => ({ userId: p.userId }))

    expectNames(User.c.id.in(authors)).toEqual(['Alice', 'Bob'])
    expectNames(User.c.id.notIn(authors)).toEqual(['Carol'])
  })

  it('finds those in a list that is longer than a statement takes parameters', () => {
    const ids = Array.from({ length: 40_000 }, (_, i) => i + 2)
    const names = [...ids.map((id) => `name ${id}`), "O'Malley", 'Bob']

    expectNames(User.c.id.in(ids)).toEqual(['Bob', 'Carol'])
    expectNames(User.c.id.notIn(ids)).toEqual(['Alice'])
    expectNames(User.c.name.in(names)).toEqual(['Bob'])
    const query = from(User).where((u) => u.id.in(ids))
    expect(query.compile(postgres).params).toHaveLength(40_000)
  })

  it('says when such a list holds what cannot be sent in another way', () => {
    const fractions = Array.from({ length: 40_000 }, (_, i) => i + 0.5)
    const query = from(User).where((u) => u.age.times(1.5).in(fractions))

    expect(raised(() => query.compile())).toBeInstanceOf(TooManyParametersError)
  })

  it.each(['100%', 'a_b', 'a\\b', '%', '\\', '5_of_8'])('finds %s as it stands', (text) => {
    for (const name of [text, '100 ways', 'axb', 'ab', 'a/b', '5_ofx8'])
      db.run('INSERT INTO tags (name) VALUES (?)', [name])

    for (const condition of [
      Tag.c.name.contains(text),
      Tag.c.name.startsWith(text),
      Tag.c.name.endsWith(text),
    ]) {
      const query = from(Tag)
        .where(condition)
        .select((tag) => ({ name: tag.name }))
      expect(fetchAll(db, query), statementOf(query.compile())).toEqual([{ name: text }])
    }
  })

  it('leaves the wildcards of like() alone', () => {
    expectNames(User.c.name.like('%o%').and(User.c.name.contains(''))).toEqual(['Bob', 'Carol'])
  })

  it('says ESCAPE only where the pattern has an escape', () => {
    const sqlOf = (condition: Condition) => from(User).where(condition).compile().sql

    expect(sqlOf(User.c.name.startsWith('A'))).toMatch(/WHERE name LIKE \?$/)
    expect(sqlOf(User.c.name.startsWith('A_'))).toMatch(/WHERE name LIKE \? ESCAPE '\\'$/)
  })

  it('keeps an OR together that stands inside an AND', () => {
    const isFree = User.c.accountType.eq('free')
    const isAliceOrBob = User.c.name.eq('Alice').or(User.c.name.eq('Bob'))

    expectNames(isAliceOrBob.and(isFree)).toEqual(['Bob'])
    expectNames(isFree.and(isAliceOrBob)).toEqual(['Bob'])
    expectNames(and(isFree, isAliceOrBob, User.c.age.gt(18))).toEqual(['Bob'])
  })

  it('keeps an OR together that stands in one of several where()', () => {
    const query = from(User)
      .where((u) => u.name.eq('Alice').or(u.name.eq('Bob')))
      .where((u) => u.accountType.eq('free'))
      .select((u) => ({ name: u.name }))

    expect(fetchAll(db, query), statementOf(query.compile())).toEqual([{ name: 'Bob' }])
  })

  /** A condition around a raw node, as the template of Task 6 will make one. */
  const byHand = (text: string): Condition => {
    const Sql = sql.id('any').constructor as new (node: object) => Condition
    return new Sql({ kind: 'raw', parts: [text] })
  }

  it('keeps SQL together that somebody wrote by hand', () => {
    const isAliceOrBob = byHand("name = 'Alice' OR name = 'Bob'")
    const isFree = User.c.accountType.eq('free')

    expectNames(isAliceOrBob.and(isFree)).toEqual(['Bob'])
    expectNames(isFree.and(isAliceOrBob)).toEqual(['Bob'])
  })

  it('keeps an AND together that stands inside an OR', () => {
    const youngAndFree = User.c.age.lt(30).and(User.c.accountType.eq('free'))

    expectNames(or(User.c.name.eq('Carol'), youngAndFree)).toEqual(['Bob', 'Carol'])
    expectNames(not(youngAndFree.or(User.c.age.isNull()))).toEqual(['Alice'])
  })

  it('writes parentheses where they are needed and nowhere else', () => {
    const query = from(User)
      .where((u) => u.accountType.eq('free').and(u.age.isNull().or(u.age.lt(18))))
      .select((u) => ({ name: u.name }))

    expect(query.compile()).toEqual({
      sql: 'SELECT name FROM users WHERE account_type = ? AND (age IS NULL OR age < ?)',
      params: ['free', 18],
    })
  })

  it('takes all of nothing for true, and any of nothing for false', () => {
    expectNames(or().or(User.c.id.in([]))).toEqual([])
    expectNames(and().and(not(User.c.id.in([])))).toEqual(['Alice', 'Bob', 'Carol'])
  })
})
