import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { NotNullViolation, UniqueViolation } from '#shared/driver/errors'
import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  connect,
  InvalidValueError,
  Model,
  NotConnectedError,
  Registry,
  t,
} from '#stage/02-active-record'
import { declareNote, Order, open, openEmpty, PostTag, Sample, User } from './models.ts'

let db: RecordedConnection

beforeEach(() => {
  db = open()
})

const dave = () =>
  new User({ name: 'Dave', email: 'dave@example.com', joinedAt: new Date(Date.UTC(2026, 4, 1)) })

describe('Task 3: insert a new record', () => {
  it('stores a new record as a new row', () => {
    dave().save()

    expect(db.get('SELECT name, email FROM users WHERE id = 4')).toEqual({
      name: 'Dave',
      email: 'dave@example.com',
    })
  })

  it('gives the record the key that the database made', () => {
    const user = dave()

    user.save()

    expect(user.id).toBe(4)
    expect(user.status).toBe('persisted')
  })

  it('remembers the row as its snapshot, the key that the database made included', () => {
    const user = dave()
    user.save()
    db.forget()

    user.delete()

    expect(db).toHaveSent([{ statement: 'DELETE users', parameters: [4] }])
  })

  it('sends one statement, with the values as its parameters', () => {
    dave().save()

    expect(db).toHaveSent([
      {
        statement: 'INSERT users (name, email, age, account_type, joined_at)',
        parameters: ['Dave', 'dave@example.com', null, 'free', '2026-05-01T00:00:00.000Z'],
      },
    ])
  })

  it('keeps a key that the program gives, even 0', () => {
    const user = new User({ id: 0, name: 'Zero', email: 'zero@example.com' })

    user.save()

    expect(user.id).toBe(0)
    expect(db.get('SELECT name FROM users WHERE id = 0')).toEqual({ name: 'Zero' })
  })

  it('refuses null as a key, for which SQLite would make one that nobody hears of', () => {
    const error = raised(() =>
      User.create({ name: 'Dave', email: 'dave@example.com', id: null as never }),
    )

    expect(error).toBeInstanceOf(InvalidValueError)
    expect((error as Error).message).toMatch(/users\.id cannot hold null[\s\S]*Leave the key out/)
    expect(User.count()).toBe(3)
  })

  it('stores every type in the form of the database', () => {
    new Sample({
      views: 9_007_199_254_740_993n,
      ratio: 0.5,
      flag: false,
      takenAt: new Date(0),
      settings: { theme: 'dark' },
      level: 'low',
      photo: Uint8Array.of(1, 2),
    }).save()

    expect(db.values('SELECT * FROM samples')).toEqual([
      [
        1,
        9_007_199_254_740_993n,
        0.5,
        0,
        '1970-01-01T00:00:00.000Z',
        '{"theme":"dark"}',
        'low',
        Buffer.of(1, 2),
      ],
    ])
  })

  it('stores null as NULL, and the empty text, 0 and false as what they are', () => {
    new Sample({ settings: null, ratio: 0, flag: false }).save()
    new Order({ group: '' }).save()

    expect(db.values('SELECT settings IS NULL, ratio, flag FROM samples')).toEqual([[1, 0, 0]])
    expect(db.values('SELECT "group" FROM "order"')).toEqual([['']])
  })

  it('leaves out what is undefined, and takes back what the database fills in', () => {
    db.exec(
      "CREATE TABLE visits (id INTEGER PRIMARY KEY, place TEXT, made_at TEXT DEFAULT '2026-01-05 09:00:00')",
    )
    class Visit extends Model(
      'visits',
      { id: t.integer().primaryKey(), place: t.text(), madeAt: t.timestamp() },
      { registry: new Registry() },
    ) {}
    connect(db, Visit.registry)
    db.forget()

    const visit = Visit.create({ place: 'Rome' } as never)

    expect(db).toHaveSent([{ statement: 'INSERT visits (place)', parameters: ['Rome'] }])
    expect(visit.madeAt).toEqual(new Date(Date.UTC(2026, 0, 5, 9)))
  })

  it('stores a record that has nothing but its key', () => {
    const models = new Registry()
    class Ticket extends Model('tickets', { id: t.integer().primaryKey() }, { registry: models }) {}
    openEmpty(models)

    expect([Ticket.create({}).id, Ticket.create({}).id]).toEqual([1, 2])
  })

  it('takes a generated key as the type of its column', () => {
    const models = new Registry()
    class Event extends Model('events', { id: t.bigint().primaryKey() }, { registry: models }) {}
    openEmpty(models)

    expect(Event.create({}).id).toBe(1n)
  })

  it('stores a record whose key has two columns', () => {
    PostTag.create({ postId: 3, tagId: 3 })

    expect(db.values('SELECT post_id, tag_id FROM posts_tags WHERE post_id = 3')).toEqual([[3, 3]])
  })

  it('never mixes a value into the SQL', () => {
    User.create({ name: "O'Malley", email: "'); DROP TABLE users; --" })

    expect(db.get('SELECT email FROM users WHERE name = ?', ["O'Malley"])).toEqual({
      email: "'); DROP TABLE users; --",
    })
  })

  it('quotes names that are words of SQL or hold quotes', () => {
    Order.create({ group: 'a', 'say "hi"': 'hello' })

    expect(db.values('SELECT * FROM "order"')).toEqual([[1, 'a', 'hello']])
  })

  it.each([
    ['NaN', { ratio: Number.NaN }, 'samples.ratio cannot hold NaN'],
    [
      'an invalid Date',
      { takenAt: new Date('soon') },
      'samples.takenAt cannot hold an invalid Date',
    ],
    [
      'a bigint beyond 64 bits',
      { views: 2n ** 63n },
      'samples.views cannot hold 9223372036854775808n',
    ],
    ['a word outside the enum', { level: 'middle' as 'low' }, 'it takes one of "low", "high"'],
    ['text where a boolean belongs', { flag: 'true' as never }, 'samples.flag cannot hold "true"'],
  ])('refuses %s before anything is sent', (_, values, message) => {
    const sample = new Sample(values)

    const error = raised(() => sample.save())

    expect(error).toBeInstanceOf(InvalidValueError)
    expect(error).toHaveProperty('message', expect.stringContaining(message))
    expect(db).toHaveSentCount(0)
  })

  it('leaves the record new when the database refuses the row, so that it can be saved again', () => {
    const user = new User({ name: 'Dave', email: 'alice@example.com' })

    expect(raised(() => user.save())).toBeInstanceOf(UniqueViolation)
    expect([user.status, user.id]).toEqual(['new', undefined])

    user.email = 'dave@example.com'
    user.save()
    expect(user.status).toBe('persisted')
    expect(db.get('SELECT email FROM users WHERE id = ?', [user.id])).toEqual({
      email: 'dave@example.com',
    })
  })

  it('lets the database report a value that is missing', () => {
    const error = raised(() => User.create({ name: 'Dave' } as never))

    expect(error).toBeInstanceOf(NotNullViolation)
    expect(error).toHaveProperty('column', 'users.email')
  })

  it('gives back the saved record from create', () => {
    const user = User.create({ name: 'Dave', email: 'dave@example.com' })

    expectTypeOf(user).toEqualTypeOf<User>()
    expect(user).toBeInstanceOf(User)
    expect(user.greet()).toBe('Hi, Dave')
    expect(user.status).toBe('persisted')
  })

  it('sends each registry to its own database', () => {
    const [one, other] = [declareNote(), declareNote()]
    const [first, second] = [openEmpty(one.models), openEmpty(other.models)]

    one.Note.create({ text: 'here' })
    other.Note.create({ text: 'there' })

    expect(first.values('SELECT text FROM notes')).toEqual([['here']])
    expect(second.values('SELECT text FROM notes')).toEqual([['there']])
  })

  it('works on the newest connection of its registry', () => {
    const { Note, models } = declareNote()
    const [old, fresh] = [openEmpty(models), record(openSqlite())]
    models.createAll(fresh)

    connect(fresh, models)
    Note.create({ text: 'moved' })

    expect(old.values('SELECT text FROM notes')).toEqual([])
    expect(fresh.values('SELECT text FROM notes')).toEqual([['moved']])
  })

  it('says so when there is no database', () => {
    const { Note } = declareNote()

    const error = raised(() => Note.create({ text: 'lost' }))

    expect(error).toBeInstanceOf(NotConnectedError)
    expect(error).toHaveProperty('message', expect.stringContaining('connect('))
  })
})
