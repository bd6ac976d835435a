import { describe, expect, expectTypeOf, it } from 'vitest'
import { postgres } from '#shared/driver/dialect'
import { CheckViolation, ForeignKeyViolation, NotNullViolation } from '#shared/driver/errors'
import { record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  type Column,
  DeclarationError,
  defineTable,
  type Insert,
  type Key,
  Model,
  type Properties,
  Registry,
  t,
  UnknownColumnError,
} from '#stage/02-active-record'
import { declareNote, Post, PostTag, User } from './models.ts'

const users = {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  isAdmin: t.boolean().named('admin'),
  joinedAt: t.timestamp().default(() => new Date(0)),
}

describe('Task 2: read the declaration', () => {
  describe('the table', () => {
    it('lists the columns in the order of the declaration, with their names in the database', () => {
      const table = defineTable('users', users)

      expect(table.name).toBe('users')
      expect(table.columns.map((column) => column.name)).toEqual([
        'id',
        'name',
        'email',
        'age',
        'admin',
        'joined_at',
      ])
    })

    it('gives every column its table, its property and its place', () => {
      const table = defineTable('users', users)

      expect(table.columns[5]).toMatchObject({ table: 'users', property: 'joinedAt', index: 5 })
    })

    it('keeps what the declaration says of a column', () => {
      const { id, email, age, name } = defineTable('users', users).byProperty

      expect(id).toMatchObject({ isPrimaryKey: true, isGenerated: true })
      expect(email).toMatchObject({ isUnique: true, isNullable: false })
      expect(age).toMatchObject({ isNullable: true, isUnique: false })
      expect(name?.type.name).toBe('text')
    })

    it('knows its primary key, of one column or of several', () => {
      const properties = (columns: readonly Column[]) => columns.map((column) => column.property)

      expect(properties(User.table.primaryKey)).toEqual(['id'])
      expect(properties(PostTag.table.primaryKey)).toEqual(['postId', 'tagId'])
    })

    it('finds a column by its property', () => {
      const table = defineTable('users', users)

      expect(table.byProperty.joinedAt).toBe(table.columns[5])
      expect(Object.keys(table.byProperty)).toEqual(Object.keys(users))
    })

    it('is a frozen value in all its parts', () => {
      const table = defineTable('users', users)
      const { columns, primaryKey, byProperty } = table

      expect({
        table: Object.isFrozen(table),
        columns: Object.isFrozen(columns),
        aColumn: Object.isFrozen(columns[0]),
        primaryKey: Object.isFrozen(primaryKey),
        byProperty: Object.isFrozen(byProperty),
      }).toEqual({ table: true, columns: true, aColumn: true, primaryKey: true, byProperty: true })
    })

    it('shares no column with another table of the same shape', () => {
      const [first, second] = [defineTable('members', users), defineTable('guests', users)]

      expect(first.columns.map((column) => column.table)).toContain('members')
      expect(first.columns.map((column) => column.table)).not.toContain('guests')
      expect(second.columns[0]).toMatchObject({ table: 'guests', index: 0 })
    })
  })

  describe('the class', () => {
    it('has its table and its columns', () => {
      expect(User.table.name).toBe('users')
      expect(User.c.joinedAt.name).toBe('joined_at')
      expect(User.c.age).toBe(User.table.columns[3])
    })

    it('makes new objects with a property for each column', () => {
      const user = new User({ name: 'Bob', email: 'bob@example.com' })

      expect(Object.keys(user)).toEqual(['id', 'name', 'email', 'age', 'accountType', 'joinedAt'])
      expect(user).toMatchObject({ name: 'Bob', email: 'bob@example.com', age: null })
      expect(user.greet()).toBe('Hi, Bob')
      expect(user.status).toBe('new')
    })

    it('fills in the defaults, and makes those of a function anew each time', () => {
      let counter = 0
      class Ticket extends Model(
        'tickets',
        {
          number: t.integer().primaryKey(),
          code: t.integer().default(() => ++counter),
          labels: t.json<string[]>().default([]),
        },
        { registry: new Registry() },
      ) {}

      const [one, two] = [new Ticket({}), new Ticket({ code: undefined })]
      one.labels.push('urgent')

      expect([one.code, two.code]).toEqual([1, 2])
      expect(two.labels).toEqual([])
    })

    it('takes null and other empty values as values, not as "nothing given"', () => {
      class Setting extends Model(
        'settings',
        {
          id: t.integer().primaryKey(),
          size: t.integer().default(10),
          title: t.text().default('untitled'),
          limit: t.integer().nullable().default(5),
        },
        { registry: new Registry() },
      ) {}

      expect(new Setting({ id: 0, size: 0, title: '', limit: null })).toMatchObject({
        id: 0,
        size: 0,
        title: '',
        limit: null,
      })
    })

    it('refuses a property that it does not have, and suggests the nearest', () => {
      const values = { name: 'Bob', emial: 'bob@example.com' }

      const error = raised(() => new User(values as never))

      expect(error).toBeInstanceOf(UnknownColumnError)
      expect(error).toHaveProperty('message', expect.stringContaining('Did you mean "email"?'))
    })

    it('needs no class fields: a field would wipe out what the base class has set', () => {
      class Trap extends Model(
        'traps',
        { id: t.integer().primaryKey(), name: t.text() },
        { registry: new Registry() },
      ) {
        // @ts-expect-error TypeScript warns: the field will overwrite the property of the base class
        name!: string
      }
      const { Note } = declareNote()

      expect(new Trap({ name: 'Bob' }).name).toBeUndefined()
      expect(new Note({ text: 'kept' }).text).toBe('kept')
    })

    it('refuses a table without a primary key', () => {
      class Log extends Model('logs', { line: t.text() }, { registry: new Registry() }) {}

      const error = raised(() => Log.table)

      expect(error).toBeInstanceOf(DeclarationError)
      expect(error).toHaveProperty('message', expect.stringContaining('primaryKey()'))
    })

    it.each(['save', 'status', 'beforeSave', 'constructor'])(
      'refuses a property named "%s", which every record has already',
      (property) => {
        const shape = { id: t.integer().primaryKey(), [property]: t.text() }
        class Clash extends Model('clashes', shape, { registry: new Registry() }) {}

        const error = raised(() => Clash.table)

        expect(error).toBeInstanceOf(DeclarationError)
        expect(error).toHaveProperty('message', expect.stringContaining(`"${property}"`))
      },
    )
  })

  describe('the registry', () => {
    it('lists the tables of its classes, and not those of another', () => {
      const [one, other] = [declareNote(), declareNote()]

      expect(one.models.tables).toEqual([one.Note.table])
      expect(other.models.tables[0]).not.toBe(one.Note.table)
    })

    it('creates the tables that are not there yet, and drops them', () => {
      const { models } = declareNote()
      const db = record(openSqlite())

      models.createAll(db)
      models.createAll(db)
      models.dropAll(db)

      expect(db).toHaveSent(['CREATE TABLE notes', 'CREATE TABLE notes', 'DROP TABLE notes'])
      expect(db.all("SELECT name FROM sqlite_schema WHERE name = 'notes'")).toEqual([])
    })

    it('creates the constraints that the declaration names', () => {
      const models = new Registry()
      class Member extends Model(
        'members',
        {
          id: t.integer().primaryKey(),
          level: t.enum("it's low", 'high'),
          friendId: t
            .integer()
            .nullable()
            .references(() => Member.c.id),
        },
        { registry: models },
      ) {}
      const db = openSqlite()
      models.createAll(db)

      const add = (level: string | null, friend: number | null) => () =>
        db.run('INSERT INTO members (level, friend_id) VALUES (?, ?)', [level, friend])

      expect(add("it's low", null)().changes).toBe(1)
      expect(raised(add(null, null))).toBeInstanceOf(NotNullViolation)
      expect(raised(add('middle', null))).toBeInstanceOf(CheckViolation)
      expect(raised(add('high', 7))).toBeInstanceOf(ForeignKeyViolation)
      expect(Member.c.friendId.name).toBe('friend_id')
    })

    it('speaks the dialect of its database', () => {
      const models = new Registry()
      Model(
        'photos',
        {
          id: t.bigint().primaryKey(),
          isPublic: t.boolean().default(false),
          takenAt: t.timestamp(),
          pixels: t.blob().default(Uint8Array.of(1, 255)),
        },
        { registry: models },
      )
      const sent: string[] = []
      const server = { dialect: postgres, run: (sql: string) => sent.push(sql) }

      models.createAll(server as never)

      expect(sent).toEqual([
        expect.stringMatching(
          /id BIGINT GENERATED .* is_public BOOLEAN .* DEFAULT false, taken_at TIMESTAMPTZ NOT NULL, pixels BYTEA .* DEFAULT '\\x01ff'/,
        ),
      ])
    })

    it('lets a class point to one that is declared after it', () => {
      const models = new Registry()
      class Chapter extends Model(
        'chapters',
        { id: t.integer().primaryKey(), bookId: t.integer().references(() => Book.c.id) },
        { registry: models },
      ) {}
      class Book extends Model('books', { id: t.integer().primaryKey() }, { registry: models }) {}
      const db = openSqlite()

      models.createAll(db)

      expect(models.tables).toEqual([Chapter.table, Book.table])
      expect(db.all('PRAGMA foreign_key_list(chapters)')).toMatchObject([
        { table: 'books', to: 'id' },
      ])
    })

    it('says so when a reference is not a column', () => {
      const models = new Registry()
      Model(
        'chapters',
        {
          id: t.integer().primaryKey(),
          bookId: t.integer().references(() => Reflect.get(User.c, 'nam')),
        },
        { registry: models },
      )

      const error = raised(() => models.createAll(openSqlite()))

      expect(error).toBeInstanceOf(DeclarationError)
      expect(error).toHaveProperty('message', expect.stringContaining('chapters.bookId'))
    })

    it('quotes the names that SQL keeps for itself', () => {
      const models = new Registry()
      Model('order', { id: t.integer().primaryKey(), group: t.text() }, { registry: models })
      const db = openSqlite()

      models.createAll(db)

      expect(db.run('INSERT INTO "order" ("group") VALUES (?)', ['a']).changes).toBe(1)
    })
  })

  describe('the types', () => {
    it('follow from the declaration', () => {
      const user = new User({ name: 'Bob', email: 'bob@example.com' })
      const post = new Post({ title: 'T', content: 'C', userId: 1 })

      expectTypeOf(user.id).toEqualTypeOf<number>()
      expectTypeOf(user.age).toEqualTypeOf<number | null>()
      expectTypeOf(user.accountType).toEqualTypeOf<'free' | 'premium'>()
      expectTypeOf(post.createdAt).toEqualTypeOf<Date>()
      expectTypeOf(User.c.joinedAt).toEqualTypeOf<Column<Date>>()
      expectTypeOf(User.find).parameter(0).toEqualTypeOf<number>()
      expectTypeOf(PostTag.find).parameter(0).toEqualTypeOf<{
        readonly postId: number
        readonly tagId: number
      }>()
      expect(user.age).toBeNull()
    })

    it('tell what a row holds, what a new one needs, and what tells two apart', () => {
      type Row = Properties<typeof users>
      type New = Insert<typeof users>

      expectTypeOf<Row>().toEqualTypeOf<{
        id: number
        name: string
        email: string
        age: number | null
        isAdmin: boolean
        joinedAt: Date
      }>()
      expectTypeOf<{ name: string; email: string; isAdmin: boolean }>().toExtend<New>()
      expectTypeOf<{ name: string; email: string }>().not.toExtend<New>()
      expectTypeOf<Key<typeof users>>().toEqualTypeOf<number>()
      expect(defineTable('users', users).columns).toHaveLength(6)
    })

    it('let nothing pass that the database would refuse', () => {
      const wrong = [
        // @ts-expect-error email is required
        () => new User({ name: 'Bob' }),
        // @ts-expect-error a name is a text
        () => new User({ name: 1, email: 'bob@example.com' }),
        // @ts-expect-error a name cannot be null
        () => new User({ name: null, email: 'bob@example.com' }),
        // @ts-expect-error there are two types of account
        () => new User({ name: 'Bob', email: 'bob@example.com', accountType: 'gold' }),
        // @ts-expect-error there is no such column
        () => new User({ name: 'Bob', email: 'bob@example.com', nick: 'B' }),
        // @ts-expect-error a key has both columns
        () => PostTag.find({ postId: 1 }),
        // @ts-expect-error a key is a number
        () => User.find('1'),
        // @ts-expect-error there is no such column
        () => User.where({ nick: 'B' }),
        // @ts-expect-error undefined is not a value: say null, or leave it out
        () => User.where({ email: undefined }),
        // @ts-expect-error there is no such column
        () => User.c.nick,
      ]

      expect(wrong).toHaveLength(10)
      expect(User.table.columns).toHaveLength(6)
    })
  })
})

describe('Given: declaring reads nothing yet', () => {
  it('lets a module declare classes before anything is mapped', () => {
    const models = new Registry()
    const asked: string[] = []

    Model(
      'chapters',
      { id: t.integer().primaryKey(), bookId: t.integer().references(() => asked.push('book')) },
      { registry: models },
    )

    expect(asked).toEqual([])
  })

  it('refuses a second class for one table in one registry', () => {
    const models = new Registry()
    const declare = () => Model('notes', { id: t.integer().primaryKey() }, { registry: models })
    declare()

    const error = raised(declare)

    expect(error).toBeInstanceOf(DeclarationError)
    expect(error).toHaveProperty('message', expect.stringContaining('declared twice'))
  })
})
