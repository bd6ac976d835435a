import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import type { RecordedConnection } from '#shared/driver/recorder'
import { raised } from '#shared/testing/raised'
import {
  connect,
  InvalidValueError,
  Model,
  RecordNotFoundError,
  Registry,
  t,
  UndefinedValueError,
  UnknownColumnError,
} from '#stage/02-active-record'
import { declareNote, Order, open, openEmpty, Post, PostTag, Sample, User } from './models.ts'

let db: RecordedConnection

beforeEach(() => {
  db = open()
})

const names = (users: readonly User[]) => users.map((user) => user.name).sort()

describe('Task 5: ask by values', () => {
  describe('one record', () => {
    it('finds a record by its key, with one SELECT', () => {
      const user = User.find(1)

      expectTypeOf(user).toEqualTypeOf<User | undefined>()
      expect(user).toBeInstanceOf(User)
      expect(user?.greet()).toBe('Hi, Alice')
      expect(db).toHaveSent([{ statement: 'SELECT users', parameters: [1] }])
    })

    it('asks for one row where one is wanted', () => {
      User.findBy({ accountType: 'free' })

      expect(db.statements[0]?.rows).toBe(1)
    })

    it('gives undefined for a key that is not there', () => {
      expect(User.find(99)).toBeUndefined()
    })

    it('finds the key 0', () => {
      db.exec("INSERT INTO users VALUES (0, 'Zero', 'zero@example.com', 0, 'free', '2026-01-01')")

      expect(User.find(0)).toMatchObject({ id: 0, name: 'Zero', age: 0 })
    })

    it('finds a record by a key of two columns', () => {
      expect(PostTag.find({ postId: 2, tagId: 1 })).toMatchObject({ postId: 2, tagId: 1 })
      expect(PostTag.find({ postId: 1, tagId: 2 })).toBeUndefined()
    })

    it('finds a key beyond 2^53', () => {
      const models = new Registry()
      class Star extends Model(
        'stars',
        { id: t.bigint().primaryKey(), name: t.text() },
        { registry: models },
      ) {}
      const sky = openEmpty(models)
      sky.exec("INSERT INTO stars VALUES (9007199254740992, 'Vega'), (9007199254740993, 'Deneb')")

      expect(Star.find(9_007_199_254_740_993n)).toMatchObject({
        id: 9_007_199_254_740_993n,
        name: 'Deneb',
      })
    })

    it('gets a record, or says which one is not there', () => {
      expect(User.get(2).name).toBe('Bob')

      const error = raised(() => User.get(99))
      expect(error).toBeInstanceOf(RecordNotFoundError)
      expect(error).toHaveProperty('message', expect.stringContaining('users with the key 99'))
    })

    it('finds the one that has a value, or undefined', () => {
      expect(User.findBy({ email: 'bob@example.com' })?.id).toBe(2)
      expect(User.findBy({ email: 'nobody@example.com' })).toBeUndefined()
    })

    it('gives two objects for one row: each find reads anew', () => {
      expect(User.get(1)).not.toBe(User.get(1))
      expect(db).toHaveSentCount(2)
    })
  })

  describe('many records', () => {
    it('gives every record', () => {
      expect(names(User.all())).toEqual(['Alice', 'Bob', 'Carol'])
      expect(names(User.where({}))).toEqual(['Alice', 'Bob', 'Carol'])
    })

    it('gives those that have a value, with the value as a parameter', () => {
      const free = User.where({ accountType: 'free' })

      expectTypeOf(free).toEqualTypeOf<User[]>()
      expect(names(free)).toEqual(['Bob', 'Carol'])
      expect(db).toHaveSent([{ statement: 'SELECT users', parameters: ['free'] }])
    })

    it('gives those that have all of the values', () => {
      expect(names(User.where({ accountType: 'free', age: 25 }))).toEqual(['Bob'])
    })

    it('gives an empty array when there is none', () => {
      expect(User.where({ name: 'Nobody' })).toEqual([])
    })

    it('finds NULL by null', () => {
      expect(names(User.where({ age: null }))).toEqual(['Carol'])
      expect(names(User.where({ accountType: 'free', age: null }))).toEqual(['Carol'])
    })

    it('converts the values that it looks for', () => {
      expect(Post.where({ published: false }).map((post) => post.title)).toEqual(['Notes on Joins'])
      expect(names(User.where({ joinedAt: new Date('2026-02-10T12:30:00Z') }))).toEqual(['Bob'])
    })

    it('converts the values that it reads', () => {
      const [post] = Post.where({ id: 1 })

      expect(post?.published).toBe(true)
      expect(post?.createdAt).toEqual(new Date('2026-04-01T08:00:00Z'))
    })

    it('counts the rows without reading them', () => {
      expect([User.count(), User.count({ age: null }), User.count({ name: 'Nobody' })]).toEqual([
        3, 1, 0,
      ])
      expect(db.statements.map((statement) => statement.rows)).toEqual([1, 1, 1])
    })
  })

  describe('careful', () => {
    it('never mixes a value into the SQL', () => {
      expect(User.where({ name: "' OR '1' = '1" })).toEqual([])
      expect(User.where({ name: "O'Malley" })).toEqual([])
    })

    it.each([
      ['find', () => User.find(undefined as never)],
      ['findBy', () => User.findBy({ email: undefined as never })],
      ['where', () => User.where({ name: 'Alice', email: undefined as never })],
      ['count', () => User.count({ email: undefined as never })],
      ['find, with half a key', () => PostTag.find({ postId: 1 } as never)],
    ])('refuses undefined in %s: a forgotten value never means every row', (_, ask) => {
      expect(raised(ask)).toBeInstanceOf(UndefinedValueError)
      expect(db).toHaveSentCount(0)
    })

    it('refuses a property that is not there', () => {
      const error = raised(() => User.where({ nmae: 'Alice' } as never))

      expect(error).toBeInstanceOf(UnknownColumnError)
      expect(error).toHaveProperty('message', expect.stringContaining('Did you mean "name"?'))
    })

    it('refuses a value that the column cannot hold', () => {
      expect(raised(() => User.find('1' as never))).toBeInstanceOf(InvalidValueError)
      expect(raised(() => Sample.where({ ratio: Number.NaN }))).toBeInstanceOf(InvalidValueError)
      expect(db).toHaveSentCount(0)
    })

    it('asks for its columns by name, whatever order the table has them in', () => {
      class Contact extends Model(
        'users',
        { email: t.text(), id: t.integer().primaryKey(), name: t.text() },
        { registry: new Registry() },
      ) {}
      connect(db, Contact.registry)
      db.exec('ALTER TABLE users ADD COLUMN phone TEXT')

      expect({ ...Contact.get(1) }).toEqual({ email: 'alice@example.com', id: 1, name: 'Alice' })
    })

    it('quotes names that are words of SQL or hold quotes', () => {
      db.exec(`INSERT INTO "order" VALUES (1, 'a', 'hello'), (2, 'b', NULL)`)

      expect(Order.where({ group: 'b', 'say "hi"': null })).toMatchObject([{ id: 2 }])
      expect(Order.count({ 'say "hi"': 'hello' })).toBe(1)
    })

    it('asks the database of its own registry', () => {
      const [one, other] = [declareNote(), declareNote()]
      const first = openEmpty(one.models)
      openEmpty(other.models)
      first.exec("INSERT INTO notes VALUES (1, 'here')")

      expect(one.Note.find(1)?.text).toBe('here')
      expect(other.Note.find(1)).toBeUndefined()
    })
  })
})
