import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { postgres } from '#shared/driver/dialect'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import {
  fetchAll,
  from,
  Model,
  max,
  OperandError,
  Registry,
  sql,
  t,
  update,
} from '#stage/03-query-builder'
import { Post, User } from './models.ts'
import { holds, nastyName, nastyText } from './property.ts'

describe('Task 6: the sql template', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
  })

  it('sends every value beside the text', () => {
    const query = sql`SELECT ${1} + ${2} AS three`

    expect(query.compile().sql, 'a value stands in the SQL text').not.toMatch(/\d/)
    expect(query.compile()).toEqual({ sql: 'SELECT ? + ? AS three', params: [1, 2] })
    expect(query.compile(postgres).sql).toBe('SELECT $1 + $2 AS three')
  })

  it('makes a frozen node of the texts as JavaScript reads them', () => {
    const query = sql`SELECT 'a\tb' AS held`

    expect(db.get(query.compile().sql)).toEqual({ held: 'a\u0009b' })
    expect(Object.isFrozen(query.node), 'queries share their nodes').toBe(true)
  })

  it('writes columns and other expressions in place', () => {
    const query = from(User).select((u) => ({
      initial: sql<string>`substr(${u.name}, 1, ${1})`,
    }))

    expect(query.compile()).toEqual({
      sql: 'SELECT substr(name, 1, ?) AS initial FROM users',
      params: [1],
    })
    expect(fetchAll(db, query)).toEqual([{ initial: 'A' }, { initial: 'B' }, { initial: 'C' }])
  })

  it('serves as a condition, apart from those around it', () => {
    const query = from(User)
      .where((u) => sql<boolean>`${u.name} = ${'Alice'} OR ${u.name} = ${'Bob'}`)
      .where((u) => u.accountType.eq('free'))
      .select((u) => ({ name: u.name }))

    expect(fetchAll(db, query)).toEqual([{ name: 'Bob' }])
  })

  it('takes pieces of SQL apart and together', () => {
    const adult = sql`age >= ${18}`
    const { sql: text, params } = sql`SELECT name FROM users WHERE ${adult} AND ${adult}`.compile()

    expect(db.all(text, params)).toEqual([{ name: 'Alice' }, { name: 'Bob' }])
  })

  it('takes a query, and the table of a class', () => {
    const last = from(Post).select((p) => ({ id: max(p.id) }))
    const { sql: text, params } = sql`SELECT title FROM ${Post} WHERE id = ${last}`.compile()

    expect(db.all(text, params)).toEqual([{ title: 'Notes on Joins' }])
  })

  it('quotes the table of a class where its name needs it', () => {
    const registry = new Registry()
    class Order extends Model('order', { id: t.integer().primaryKey() }, { registry }) {}

    expect(sql`SELECT id FROM ${Order}`.compile().sql).toBe('SELECT id FROM "order"')
  })

  it('takes the values of a list one by one', () => {
    const query = from(User)
      .where((u) => sql<boolean>`${u.id} IN (${sql.join([1, 3])})`)
      .select((u) => ({ name: u.name }))

    expect(query.compile().params).toEqual([1, 3])
    expect(fetchAll(db, query)).toEqual([{ name: 'Alice' }, { name: 'Carol' }])
  })

  it('joins by whatever stands between', () => {
    const tests = [sql`age > ${18}`, sql`name = ${'Bob'}`]
    const { sql: text, params } =
      sql`SELECT id FROM users WHERE ${sql.join(tests, sql` AND `)}`.compile()

    expect(db.values(text, params)).toEqual([[2]])
    expect(sql`(${sql.join([])})`.compile()).toEqual({ sql: '()', params: [] })
    expect(sql`${sql.join([Post, 1, from(Post).limit(2)])}`.compile(), 'any piece').toEqual({
      sql: `posts, ?, (${from(Post).limit(2).compile().sql})`,
      params: [1, 2],
    })
  })

  it('sends dates and booleans as the database keeps them', () => {
    const when = new Date('2026-04-02T08:00:00Z')
    const query = from(Post)
      .where((p) => sql<boolean>`${p.createdAt} = ${when} AND ${p.published} = ${true}`)
      .select((p) => ({ id: p.id }))

    expect(query.compile().params).toEqual(['2026-04-02T08:00:00.000Z', 1])
    expect(fetchAll(db, query)).toEqual([{ id: 2 }])
  })

  it('reads its result as the type that it is told', () => {
    const query = from(Post)
      .where((p) => p.id.eq(1))
      .select((p) => ({
        raw: sql<string>`MAX(${p.createdAt})`,
        read: sql`MAX(${p.createdAt})`.readAs(t.timestamp()),
      }))

    expect(fetchAll(db, query)).toEqual([
      { raw: '2026-04-01T08:00:00.000Z', read: new Date('2026-04-01T08:00:00Z') },
    ])
  })

  it('may stand on the right side of SET', () => {
    const change = update(User)
      .set((u) => ({ name: sql<string>`replace(${u.name}, ${'o'}, ${'0'})` }))
      .where((u) => u.id.eq(2))
      .returning((u) => ({ name: u.name }))

    expect(fetchAll(db, change)).toEqual([{ name: 'B0b' }])
  })

  it('quotes names with sql.id', () => {
    expect(sql`SELECT ${sql.id('order')} FROM ${sql.id('a"b')}`.compile().sql).toBe(
      'SELECT "order" FROM "a""b"',
    )
  })

  it.each([
    ['undefined', undefined],
    ['a list', [1, 2]],
    ['an object', { id: 1 }],
    ['a function', () => 1],
  ])('refuses %s', (_, given) => {
    expect(raised(() => sql`SELECT ${given}`)).toBeInstanceOf(OperandError)
  })

  it('never writes a value or a bare name into the text', () => {
    const { sql: expected } = sql`SELECT ${'text'} AS held`.compile()

    holds(
      fc.property(nastyText, nastyName, (text, name) => {
        const built = sql`SELECT ${text} AS held`.compile()
        expect(built.sql, 'a value stands in the SQL text').toBe(expected)
        expect(built.params).toEqual([text])
        expect(db.values(built.sql, built.params)).toEqual([[text]])

        const named = sql`SELECT ${text} AS ${sql.id(name)}`.compile()
        expect(Object.entries(db.get(named.sql, named.params) ?? {})).toEqual([[name, text]])
      }),
    )
  })
})
