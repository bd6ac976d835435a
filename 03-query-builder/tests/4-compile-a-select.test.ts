import { beforeEach, describe, expect, it } from 'vitest'
import { postgres, sqlite } from '#shared/driver/dialect'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import {
  alias,
  count,
  cte,
  DuplicateSourceError,
  fetchAll,
  fetchFirst,
  from,
  Model,
  OperandError,
  OutputMismatchError,
  Registry,
  scalar,
  sum,
  t,
  UnknownSourceError,
  UnreadableResultError,
  value,
} from '#stage/03-query-builder'
import { Comment, Post, Tag, User } from './models.ts'
import { cases } from './queries.ts'
import { statementOf } from './statement-of.ts'

describe('Task 4: compile a SELECT', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
  })

  it('names what is computed, and leaves a column its name', () => {
    const query = from(User).select((u) => ({ joinedAt: u.joinedAt, isAdult: u.age.gte(18) }))

    expect(query.compile().sql).toBe('SELECT joined_at, age >= ? AS is_adult FROM users')
  })

  it('gives true, false, or null where SQL does not know', () => {
    const query = from(User).select((u) => ({ name: u.name, isAdult: u.age.gte(30) }))

    expect(fetchAll(db, query)).toEqual([
      { name: 'Alice', isAdult: true },
      { name: 'Bob', isAdult: false },
      { name: 'Carol', isAdult: null },
    ])
  })

  it('writes the clauses in the order that SQL asks for', () => {
    const query = from(User)
      .limit(10)
      .offset(20)
      .orderBy((u) => u.name)
      .groupBy((u) => u.id)
      .leftJoin(Post, (u, p) => p.userId.eq(u.id))
      .having((_, p) => count(p.id).gt(1))
      .where((u) => u.age.gt(18))
      .select((u, p) => ({ name: u.name, posts: count(p.id) }))

    expect(query.compile()).toEqual({
      sql:
        'SELECT users.name, COUNT(posts.id) AS posts FROM users LEFT JOIN posts ON posts.user_id = users.id ' +
        'WHERE users.age > ? GROUP BY users.id HAVING COUNT(posts.id) > ? ORDER BY users.name LIMIT ? OFFSET ?',
      params: [18, 1, 10, 20],
    })
  })

  it('quotes the names that need it, also where a table gets another one', () => {
    const registry = new Registry()
    class Order extends Model('order', { id: t.integer().primaryKey() }, { registry }) {}
    const query = from(alias(Order, 'group')).select((o) => ({ select: o.id }))

    expect(query.compile().sql).toBe('SELECT id AS "select" FROM "order" AS "group"')
  })

  it('writes no ON where none was given', () => {
    const pairs = from(User)
      .crossJoin(Tag)
      .select(() => ({ pairs: count() }))

    expect(pairs.compile().sql).toBe('SELECT COUNT(*) AS pairs FROM users CROSS JOIN tags')
  })

  it('binds what stands in a joined query before what stands in its ON', () => {
    const published = from(Post)
      .where((p) => p.published.eq(true))
      .select((p) => ({ userId: p.userId, title: p.title }))
    const query = from(User)
      .leftJoin(published.as('pub'), (u, p) => p.userId.eq(u.id).and(p.title.ne('My First Post')))
      .orderBy((u) => u.id)
      .select((u, p) => ({ name: u.name, title: p.title }))

    expect(query.compile().params, statementOf(query.compile())).toEqual([1, 'My First Post'])
    expect(fetchAll(db, query)).toEqual([
      { name: 'Alice', title: 'My Second Post' },
      { name: 'Bob', title: null },
      { name: 'Carol', title: null },
    ])
  })

  it('gives SQLite the LIMIT that it wants before an OFFSET', () => {
    const query = from(Tag).offset(5)

    expect(query.compile(sqlite).sql).toBe('SELECT id, name FROM tags LIMIT -1 OFFSET ?')
    expect(query.compile(postgres).sql).toBe('SELECT id, name FROM tags OFFSET $1')
  })

  it.each(cases)('$name', ({ query, rows }) => {
    expect(fetchAll(db, query()), statementOf(query().compile())).toEqual(rows)
  })

  it('numbers the parameters in the order of the text', () => {
    for (const { query } of numbered()) {
      const { sql, params } = query.compile(postgres)
      const marks = sql.match(/\$\d+/g) ?? []
      expect(marks).toEqual(params.map((_, i) => `$${i + 1}`))
    }
  })

  function numbered() {
    const busy = cte(
      'busy',
      from(Post)
        .where((p) => p.published.eq(true))
        .select((p) => ({ userId: p.userId })),
    )
    const young = from(User).where((u) => u.age.lt(30))
    const query = from(young.as('young'))
      .innerJoin(busy, (y, b) => b.userId.eq(y.id).and(y.id.gt(0)))
      .where((y) => y.id.in(from(busy).where((b) => b.userId.ne(7))))
      .select((y) => ({ name: y.name, seven: value(7) }))
      .limit(3)
    return [{ query }, { query: query.union(query).limit(1) }]
  }

  it('leaves the query it was called on as it was', () => {
    const all = from(Post).select((p) => ({ id: p.id }))
    const before = all.compile()
    all
      .where((p) => p.id.gt(1))
      .innerJoin(User, (p, u) => p.userId.eq(u.id))
      .groupBy((p) => p.id)
      .having(() => count().gt(1))
      .orderBy((p) => p.id)
      .distinct()
      .limit(1)
      .offset(1)
      .union(all)

    expect(all.compile()).toEqual(before)
    expect(fetchAll(db, all.offset(1))).toHaveLength(2)
  })

  it('lets a query in FROM see nothing of the tables around it, as SQL does', () => {
    const people = from(User).select((u) => ({ id: u.id }))
    const own = from(Post).where((p) => p.userId.eq(User.c.id))
    const query = from(people.as('people'))
      .crossJoin(from(Post).limit(1).as('any'))
      .orderBy((p) => p.id)
      .select((p, any) => ({ id: p.id, post: any.id }))
    const lateral = from(User).crossJoin(own.as('own'))

    expect(fetchAll(db, query).map(({ id }) => id)).toEqual([1, 2, 3])
    expect(raised(() => lateral.compile())).toBeInstanceOf(UnknownSourceError)
  })

  it('writes a query with a name once, however often it is read', () => {
    const posts = cte(
      'recent',
      from(Post).select((p) => ({ userId: p.userId })),
    )
    const query = from(User)
      .leftJoin(posts, (u, p) => p.userId.eq(u.id))
      .where((u) => u.id.in(from(posts)))

    const { sql } = query.compile()
    expect(sql.match(/WITH|recent AS/g)).toEqual(['WITH', 'recent AS'])
    expect(sql.match(/FROM posts/g), sql).toHaveLength(1)
  })

  it('refuses two sources of one name', () => {
    const toItself = () => from(Comment).innerJoin(Comment, (c, d) => c.id.eq(d.parentId))
    const first = cte('same', from(User))
    const second = cte('same', from(Post))
    const clash = from(User)
      .where((u) => u.id.in(from(first).select((f) => ({ id: f.id }))))
      .where((u) => u.id.in(from(second).select((s) => ({ id: s.id }))))

    expect(raised(toItself)).toBeInstanceOf(DuplicateSourceError)
    expect(raised(() => clash.compile())).toBeInstanceOf(DuplicateSourceError)
  })

  it('selects what was asked for: nothing is an error, and not every column', () => {
    const wanted = (names: readonly ('id' | 'name')[]) =>
      from(User).select((u) => Object.fromEntries(names.map((name) => [`my_${name}`, u[name]])))

    expect(wanted(['name']).compile().sql).toBe('SELECT name AS my_name FROM users')
    expect(String(raised(() => wanted([])))).toMatch(/^RangeError: select\(\) was given no column/)
  })

  it('refuses to put together what does not fit', () => {
    const people = from(User).select((u) => ({ id: u.id, name: u.name }))
    const swapped = from(Tag).select((tag) => ({ name: tag.name, id: tag.id }))

    expect(fetchAll(db, people.union(people))).toHaveLength(3)
    expect(raised(() => people.union(swapped))).toBeInstanceOf(OutputMismatchError)
    expect(raised(() => scalar(people as never))).toBeInstanceOf(OutputMismatchError)
  })

  it('refuses to select what is no expression', () => {
    expect(fetchFirst(db, from(Tag).select({ seven: value(7) }))).toEqual({ seven: 7 })
    expect(raised(() => from(Tag).select({ seven: 7 } as never))).toBeInstanceOf(OperandError)
  })

  it('gives undefined where there is no first row', () => {
    expect(fetchFirst(db, from(User).offset(3))).toBeUndefined()
    expect(fetchFirst(db, from(User).offset(2))).toMatchObject({ name: 'Carol', age: null })
  })

  it('says when a result is not what its type reads', () => {
    const names = from(User).select((u) => ({ when: u.name.readAs(t.bigint()) }))
    const years = from(User).select((u) => ({ years: sum(u.age) }))
    db.run('UPDATE users SET age = 9007199254740991')

    expect(raised(() => fetchAll(db, names))).toBeInstanceOf(UnreadableResultError)
    expect(raised(() => fetchAll(db, years))).toBeInstanceOf(UnreadableResultError)
  })
})
