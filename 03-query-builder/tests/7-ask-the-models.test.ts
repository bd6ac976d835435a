import { beforeEach, describe, expect, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import {
  connect,
  count,
  from,
  Model,
  Registry,
  t,
  UndefinedValueError,
  UnknownColumnError,
} from '#stage/03-query-builder'
import { Post, User } from './models.ts'

describe('Task 7: ask the models', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
    connect(db)
  })

  it('gives records, with their methods', () => {
    const adults = User.query()
      .where((u) => u.age.gt(18))
      .orderBy((u) => u.name.desc())
      .all()

    expect(adults.map((user) => user.greet())).toEqual(['Hi, Bob', 'Hi, Alice'])
    expect(adults[0]).toBeInstanceOf(User)
    expect(adults[0]?.joinedAt).toEqual(new Date('2026-02-10T12:30:00Z'))
    expect(db).toHaveSentCount(1)
  })

  it('gives records that know they are stored', () => {
    const [bob] = User.query()
      .where((u) => u.name.eq('Bob'))
      .all()
    db.forget()
    if (bob) bob.name = 'Robert'
    bob?.save()

    expect(bob?.status).toBe('persisted')
    expect(db).toHaveSent([{ statement: 'UPDATE users SET name', parameters: ['Robert', 2] }])
  })

  it('sends nothing until it is asked', () => {
    const query = User.query()
      .where((u) => u.age.gt(18))
      .limit(1)
    expect(db).toHaveSentCount(0)

    expect(query.all()).toHaveLength(1)
    expect(db).toHaveSentCount(1)
  })

  it('can be continued in two directions', () => {
    const free = User.query().where((u) => u.accountType.eq('free'))
    const withoutAge = free.where((u) => u.age.isNull())

    expect(withoutAge.all().map(({ name }) => name)).toEqual(['Carol'])
    expect(free.all().map(({ name }) => name)).toEqual(['Bob', 'Carol'])
  })

  it('gives the first record, and asks the database for no more', () => {
    const query = User.query().orderBy((u) => u.id.desc())

    expect(query.first()?.name).toBe('Carol')
    expect(query.where((u) => u.name.eq('nobody')).first()).toBeUndefined()
    expect(query.limit(0).first()).toBeUndefined()
    expect(db.statements[0]?.rows).toBe(1)
  })

  it('counts in the database', () => {
    expect(User.query().count()).toBe(3)
    expect(
      User.query()
        .where((u) => u.age.gt(18))
        .count(),
    ).toBe(2)
    expect(db.statements.map(({ rows }) => rows)).toEqual([1, 1])
  })

  it('counts the rows that a limit leaves', () => {
    const query = User.query().orderBy((u) => u.name)

    expect(query.limit(2).count()).toBe(2)
    expect(query.limit(2).offset(2).count()).toBe(1)
    expect(User.query().offset(1).count(), 'OFFSET 1 passes over one of three').toBe(2)
  })

  it('counts without an ORDER BY beside the COUNT: PostgreSQL refuses one', () => {
    expect(
      User.query()
        .orderBy((u) => u.name)
        .count(),
    ).toBe(3)
    const [{ sql } = { sql: '' }] = db.statements
    const outside = sql.replace('COUNT(*)', 'COUNT').replace(/\(.*\)/s, '(…)')
    expect(outside).toMatch(/COUNT/)
    expect(outside).not.toMatch(/ORDER BY/)
  })

  it('asks whether there is any', () => {
    const named = (name: string) => User.query().where((u) => u.name.eq(name))

    expect(named('Alice').exists()).toBe(true)
    expect(named('nobody').exists()).toBe(false)
    expect(User.query().exists()).toBe(true)
    expect(User.query().limit(0).exists()).toBe(false)
    for (const { sql, rows } of db.statements) {
      expect(rows).toBeLessThanOrEqual(1)
      expect(sql, 'one row is enough: no need to count all of them').toMatch(/\b(LIMIT|EXISTS)\b/)
    }
  })

  it('gives plain rows of what is selected', () => {
    const names = User.query()
      .orderBy((u) => u.id)
      .select((u) => ({ name: u.name, isAdult: u.age.gte(30) }))

    expect(names.all()).toEqual([
      { name: 'Alice', isAdult: true },
      { name: 'Bob', isAdult: false },
      { name: 'Carol', isAdult: null },
    ])
    expect(names.first()).toEqual({ name: 'Alice', isAdult: true })
    expect(
      User.query()
        .select(() => ({ people: count() }))
        .all(),
    ).toEqual([{ people: 3 }])
  })

  it('stands inside of another query', () => {
    const authors = Post.query().select((p) => ({ id: p.userId }))
    const idle = User.query().where((u) => u.id.notIn(authors))

    expect(idle.all().map(({ name }) => name)).toEqual(['Carol'])
    expect(
      from(User)
        .where((u) => u.id.in(idle.select((i) => ({ id: i.id }))))
        .compile().sql,
    ).toMatch(/NOT IN/)
  })

  it('asks the short questions of stage 02 through the same builder', () => {
    expect(User.find(2)?.name).toBe('Bob')
    expect(User.findBy({ email: 'carol@example.com' })?.id).toBe(3)
    expect(User.where({ accountType: 'free', age: null }).map(({ name }) => name)).toEqual([
      'Carol',
    ])
    expect(User.all()).toHaveLength(3)
    expect([User.count(), User.count({ accountType: 'free' })]).toEqual([3, 2])
  })

  it('refuses what stage 02 refused', () => {
    expect(raised(() => User.where({ name: undefined as never }))).toBeInstanceOf(
      UndefinedValueError,
    )
    expect(raised(() => User.where({ nmae: 'Bob' } as never))).toBeInstanceOf(UnknownColumnError)
  })

  it('creates the tables of models whose columns point to each other', () => {
    const registry = new Registry()
    class Author extends Model('authors', { id: t.integer().primaryKey() }, { registry }) {}
    class Book extends Model(
      'books',
      { id: t.integer().primaryKey(), authorId: t.integer().references(() => Author.c.id) },
      { registry },
    ) {}
    const connection = openSqlite()
    registry.createAll(connection)
    connect(connection, registry)

    const author = Author.create({})
    Book.create({ authorId: author.id })

    expect(
      Book.query()
        .where((b) => b.authorId.eq(author.id))
        .count(),
    ).toBe(1)
  })
})
