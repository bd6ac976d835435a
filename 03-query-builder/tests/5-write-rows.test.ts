import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { postgres, sqlite } from '#shared/driver/dialect'
import { NotNullViolation, UniqueViolation } from '#shared/driver/errors'
import type { RecordedConnection } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { openBlog } from '#shared/testing/open-blog'
import { raised } from '#shared/testing/raised'
import {
  and,
  coalesce,
  concat,
  deleteFrom,
  execute,
  fetchAll,
  from,
  InvalidValueError,
  insertInto,
  lower,
  MissingWhereError,
  MixedRowsError,
  Model,
  NothingToWriteError,
  Registry,
  scalar,
  TooManyParametersError,
  t,
  UndefinedValueError,
  UnknownColumnError,
  update,
  value,
} from '#stage/03-query-builder'
import { Comment, Post, Tag, User } from './models.ts'
import { holds, nastyName, nastyText } from './property.ts'

describe('Task 5: write rows', () => {
  let db: RecordedConnection

  beforeEach(() => {
    db = openBlog()
  })

  const allTags = () => db.all('SELECT name FROM tags ORDER BY id').map(({ name }) => name)
  const ages = () => db.all('SELECT age FROM users ORDER BY id').map(({ age }) => age)

  it('inserts one row and gives back what is asked', () => {
    const insert = insertInto(Tag)
      .values({ name: 'new' })
      .returning((tag) => ({ id: tag.id }))

    expect(insert.compile()).toEqual({
      sql: 'INSERT INTO tags (name) VALUES (?) RETURNING id',
      params: ['new'],
    })
    expect(fetchAll(db, insert)).toEqual([{ id: 4 }])
  })

  it('fills in the defaults of the declaration, and leaves the rest to the database', () => {
    const joinedAt = new Date('2026-05-01T10:00:00Z')
    const insert = insertInto(User).values({
      name: "Conan O'Malley",
      email: 'conan@example.com',
      age: undefined,
      joinedAt,
    })

    expect(fetchAll(db, insert.returning())).toEqual([
      {
        id: 4,
        name: "Conan O'Malley",
        email: 'conan@example.com',
        age: null,
        accountType: 'free',
        joinedAt,
      },
    ])
    expect(insert.compile().sql).not.toMatch(/\b(id|age)\b/)
  })

  it('writes null where null is said, default or not', () => {
    const insert = insertInto(Post)
      .values({ title: 'T', content: 'C', userId: 1, editorId: null })
      .returning((p) => ({ editorId: p.editorId, published: p.published }))

    expect(fetchAll(db, insert)).toEqual([{ editorId: null, published: false }])
    expect(insert.compile().params, 'null was said, so it is sent').toContain(null)
    expect(
      raised(() => execute(db, insertInto(Tag).values({ name: null as never }))),
      'null where a column takes none is for the database to refuse',
    ).toBeInstanceOf(NotNullViolation)
  })

  it('inserts a row of which nothing is given', () => {
    const registry = new Registry()
    class Ticket extends Model('tickets', { id: t.integer().primaryKey() }, { registry }) {}
    registry.createAll(db)

    expect(fetchAll(db, insertInto(Ticket).values({}).returning())).toEqual([{ id: 1 }])
  })

  it('inserts many rows in one statement', () => {
    db.forget()

    const { changes } = execute(db, insertInto(Tag).values([{ name: 'one' }, { name: 'two' }]))

    expect(changes).toBe(2)
    expect(db).toHaveSentCount(1)
    expect(allTags()).toEqual(['sql', 'orm', 'typescript', 'one', 'two'])
  })

  it('brings rows that give different columns together, where null says the same', () => {
    const insert = insertInto(User).values([
      { name: 'Dan', email: 'dan@example.com' },
      { name: 'Eve', email: 'eve@example.com', age: 41 },
    ])

    const rows = fetchAll(
      db,
      insert.returning((u) => ({ name: u.name, age: u.age })),
    )

    expect(rows).toEqual([
      { name: 'Dan', age: null },
      { name: 'Eve', age: 41 },
    ])
  })

  it('refuses rows that give different columns, where null would not say the same', () => {
    const insert = () => insertInto(Tag).values([{ id: 7, name: 'one' }, { name: 'two' }])

    expect(raised(insert)).toBeInstanceOf(MixedRowsError)
    expect(raised(insert)).toHaveProperty('message', expect.stringContaining('Row 2'))
  })

  it('refuses to insert nothing', () => {
    const nothing = () => insertInto(Tag).values([])

    expect(raised(nothing)).toBeInstanceOf(NothingToWriteError)
    expect(String(raised(nothing))).toContain('values() got no rows for tags')
  })

  it('refuses what a column does not take, and columns that are not there', () => {
    const wrongType = () => insertInto(Tag).values({ name: 5 as never })
    const unknown = () => insertInto(Tag).values({ name: 'x', nmae: 'y' } as never)

    expect(raised(wrongType)).toBeInstanceOf(InvalidValueError)
    expect(raised(unknown)).toBeInstanceOf(UnknownColumnError)
  })

  /** A database that takes four parameters and no more, so that a few rows are too many. */
  const limitParameters = () =>
    Object.defineProperty(db, 'dialect', { value: { ...sqlite, maxParameters: 4 } })

  const tagsNamed = (...names: readonly string[]) => names.map((name) => ({ name }))

  it('sends rows in several statements of one transaction when one has no room', () => {
    limitParameters()
    const insert = insertInto(Tag).values(tagsNamed('a', 'b', 'c', 'd', 'e', 'f'))
    db.forget()

    expect(raised(() => insert.compile(db.dialect))).toBeInstanceOf(TooManyParametersError)
    expect(execute(db, insert).changes).toBe(6)
    expect(db).toHaveSent(['BEGIN', 'INSERT tags', 'INSERT tags', 'COMMIT'])
    expect(allTags()).toEqual(['sql', 'orm', 'typescript', 'a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('writes all of the statements or none', () => {
    limitParameters()
    const insert = insertInto(Tag).values(tagsNamed('a', 'b', 'c', 'd', 'sql'))

    expect(raised(() => execute(db, insert))).toBeInstanceOf(UniqueViolation)
    expect(allTags()).toEqual(['sql', 'orm', 'typescript'])
  })

  it('inserts what a query gives', () => {
    const names = from(User)
      .where((u) => u.age.isNotNull())
      .orderBy((u) => u.id)
      .select((u) => ({ name: lower(u.name) }))

    expect(execute(db, insertInto(Tag).select(names)).changes).toBe(2)
    expect(allTags()).toEqual(['sql', 'orm', 'typescript', 'alice', 'bob'])
  })

  it('leaves a row alone that is there already', () => {
    const insert = insertInto(Tag).values([{ name: 'sql' }, { name: 'new' }])

    expect(execute(db, insert.onConflict((tag) => tag.name).doNothing()).changes).toBe(1)
    expect(execute(db, insert.onConflict().doNothing()).changes).toBe(0)
    expect(allTags()).toEqual(['sql', 'orm', 'typescript', 'new'])
  })

  it('changes a row that is there already', () => {
    const upsert = insertInto(User)
      .values({ name: 'Robert', email: 'bob@example.com', age: 5 })
      .onConflict((u) => u.email)
      .doUpdate((excluded, existing) => ({
        name: concat(excluded.name, ', once ', existing.name),
        age: coalesce(existing.age, 0).plus(coalesce(excluded.age, 0)),
        accountType: 'premium',
      }))
      .returning((u) => ({ id: u.id, name: u.name, age: u.age, accountType: u.accountType }))

    expect(fetchAll(db, upsert)).toEqual([
      { id: 2, name: 'Robert, once Bob', age: 30, accountType: 'premium' },
    ])
  })

  it('writes an upsert as the standard has it', () => {
    const upsert = insertInto(Tag)
      .values({ name: 'sql' })
      .onConflict((tag) => tag.name)
      .doUpdate((excluded) => ({ name: excluded.name }))

    expect(upsert.compile(postgres)).toEqual({
      sql: 'INSERT INTO tags (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name',
      params: ['sql'],
    })
  })

  it('takes an upsert of what a query gives', () => {
    const names = from(Tag).select((tag) => ({ name: tag.name }))
    const upsert = insertInto(Tag)
      .select(names)
      .onConflict((tag) => tag.name)
      .doUpdate((excluded) => ({ name: concat(excluded.name, '!') }))

    execute(db, upsert)

    expect(allTags()).toEqual(['sql!', 'orm!', 'typescript!'])
  })

  it('updates the rows that fit, by values and by expressions', () => {
    const change = update(User)
      .set((u) => ({ age: u.age.plus(1), accountType: 'premium' }))
      .where((u) => u.age.isNotNull())
      .where((u) => u.id.gt(1))

    expect(change.compile()).toEqual({
      sql: 'UPDATE users SET age = age + ?, account_type = ? WHERE age IS NOT NULL AND id > ?',
      params: [1, 'premium', 1],
    })
    expect(execute(db, change).changes).toBe(1)
    expect(ages()).toEqual([30, 26, null])
  })

  it('sets a column to null, and to the value of another query', () => {
    const oldest = scalar(
      from(Post)
        .where((p) => p.userId.eq(User.c.id))
        .select((p) => ({ id: p.id }))
        .orderBy((p) => p.id.desc())
        .limit(1),
    )
    execute(db, update(User).set({ age: null }).where(User.c.id.eq(1)))
    execute(db, update(User).set({ age: oldest }).where(User.c.id.ne(1)))

    expect(ages()).toEqual([null, 3, null])
  })

  it('deletes the rows that fit, and gives them back', () => {
    const remove = deleteFrom(Post)
      .where((p) => p.published.eq(false))
      .returning((p) => ({ title: p.title }))

    expect(fetchAll(db, remove)).toEqual([{ title: 'Notes on Joins' }])
    expect(db.get('SELECT COUNT(*) AS count FROM posts')).toEqual({ count: 2 })
  })

  it('refuses to change or delete every row by accident', () => {
    const statements = [
      update(User).set({ age: 1 }),
      deleteFrom(User),
      deleteFrom(User).where(and()),
      update(User).set({ age: 1 }).where(and()),
    ]

    for (const statement of statements) {
      expect(raised(() => execute(db, statement))).toBeInstanceOf(MissingWhereError)
      expect(raised(() => statement.compile())).toBeInstanceOf(MissingWhereError)
    }
    expect(ages()).toEqual([30, 25, null])
    expect(String(raised(() => deleteFrom(Post).compile()))).toContain(
      'This DELETE would meet every row of posts',
    )
  })

  it('sends a write whose condition is true for no row: it does no harm', () => {
    expect(
      execute(
        db,
        deleteFrom(User).where((u) => u.id.in([])),
      ).changes,
    ).toBe(0)
    expect(ages()).toEqual([30, 25, null])
  })

  it('changes and deletes every row when that is asked for', () => {
    execute(db, update(User).set({ age: 1 }).everyRow())
    db.run('DELETE FROM posts_tags')
    execute(db, deleteFrom(Tag).everyRow())

    expect(ages()).toEqual([1, 1, 1])
    expect(allTags()).toEqual([])
  })

  it('keeps the WHERE that was given, even where every row was asked for', () => {
    const remove = deleteFrom(Comment).where((c) => c.id.eq(1))
    const change = update(User).set({ age: 1 }).where(User.c.id.eq(2))

    expect(remove.everyRow().compile()).toEqual(remove.compile())
    execute(db, change.everyRow())
    expect(ages()).toEqual([30, 1, null])
  })

  it('refuses to set nothing, and to set undefined', () => {
    expect(raised(() => update(User).set({}))).toBeInstanceOf(NothingToWriteError)
    expect(raised(() => update(User).set({ age: undefined as never }))).toBeInstanceOf(
      UndefinedValueError,
    )
  })

  it('leaves the statement it was called on as it was', () => {
    const remove = deleteFrom(Tag).where((tag) => tag.name.eq('orm'))
    const before = remove.compile()
    remove
      .where((tag) => tag.id.gt(9))
      .returning()
      .everyRow()

    expect(remove.compile()).toEqual(before)
  })

  it('keeps names and values of any kind where they belong, on a real database', () => {
    const connection = openSqlite()

    holds(
      fc.property(nastyName, nastyName, nastyText, (table, column, text) => {
        fc.pre(!/^sqlite_/i.test(table) && column.toLowerCase() !== 'id')
        const registry = new Registry()
        const shape = { id: t.integer().primaryKey(), held: t.text().named(column) }
        class Odd extends Model(table, shape, { registry }) {}
        registry.createAll(connection)
        try {
          execute(connection, insertInto(Odd).values({ held: text }))
          execute(
            connection,
            update(Odd)
              .set((odd) => ({ held: odd.held }))
              .where(Odd.c.held.eq(text)),
          )
          const query = from(Odd).where((odd) => odd.held.contains(text))
          const selection = query.select((odd) => ({ [column]: odd.held, said: value(text) }))
          expect(fetchAll(connection, from(selection.as(table)))).toEqual([
            Object.fromEntries([
              [column, text],
              ['said', text],
            ]),
          ])
        } finally {
          registry.dropAll(connection)
        }
      }),
    )
  })
})
