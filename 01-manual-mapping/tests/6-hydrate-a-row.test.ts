import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  ColumnTypeError,
  ConnectionClosedError,
  closeDatabase,
  type Database,
  DatabaseError,
  EmbeddedNulError,
  exec,
  findUserById,
  freeUser,
  IntegerRangeError,
  listNamesNaively,
  listUsers,
  NullFieldError,
  openDatabase,
  schema,
  TextTooLongError,
  trace,
  type User,
} from '#stage/01-manual-mapping'
import { leaks, leaveNothingBehind, openUsers, ownedUsers } from './fixture.ts'

let db: Database
beforeEach(() => {
  db = openUsers()
})
afterEach((context) => leaveNothingBehind(db, context))

interface Fields {
  id: number
  name: string
  email: string
}

/** Copies the fields out and frees the struct. */
function take(user: User | null): Fields | null {
  if (!user) return null
  const fields = { id: user.id, name: user.name, email: user.email }
  freeUser(user)
  return fields
}

/** A table whose columns promise nothing, as old tables do. */
const withLooseTable = (rows: string) =>
  exec(
    db,
    `DROP TABLE posts; DROP TABLE users; CREATE TABLE users (id INTEGER PRIMARY KEY, name, email);
            INSERT INTO users VALUES ${rows}`,
  )

describe('Task 6: hydrate a row', () => {
  it('makes a struct of a row', () => {
    const alice = take(findUserById(db, 1))

    expect(alice).toEqual({ id: 1, name: 'Alice', email: 'alice@example.com' })
  })

  it('gives null, and allocates nothing, when there is no such row', () => {
    expect(findUserById(db, 99)).toBeNull()
    expect(leaks(db)).toEqual([])
  })

  it('sends one statement', () => {
    const statements = trace(db, () => take(findUserById(db, 1)))

    expect(statements).toHaveLength(1)
  })

  it('makes the caller the owner: a new struct at each call, to be freed by nobody else', () => {
    const one = findUserById(db, 1) as User
    const two = findUserById(db, 1) as User
    const owned = ownedUsers()
    freeUser(one)
    const name = two.name
    freeUser(two)

    expect(owned).toBe(2)
    expect(name).toBe('Alice')
  })

  it('copies: the struct outlives the row, the statement and the database', () => {
    const short = openDatabase(':memory:')
    exec(short, schema)
    const alice = findUserById(short, 1)
    exec(short, 'DELETE FROM posts; DELETE FROM users')
    closeDatabase(short)

    expect(take(alice)).toEqual({ id: 1, name: 'Alice', email: 'alice@example.com' })
  })

  it('lists all users in the order of their ids', () => {
    exec(db, "INSERT INTO users VALUES (-5, 'Zoë', 'zoe@example.com')")
    const names = () => listUsers(db).map((user) => take(user)?.name)

    expect(names()).toEqual(['Zoë', 'Alice', 'Bob'])
    // SQLite turns every order round that was not asked for.
    exec(db, 'PRAGMA reverse_unordered_selects = ON')
    expect(names(), 'an order that is not asked for may be any').toEqual(['Zoë', 'Alice', 'Bob'])
  })

  it('lists an empty table as an empty array', () => {
    exec(db, 'DELETE FROM posts; DELETE FROM users')

    expect(listUsers(db)).toEqual([])
  })

  it('keeps an empty text apart from NULL', () => {
    withLooseTable("(1, '', 'a@example.com')")

    expect(take(findUserById(db, 1))?.name).toBe('')
  })

  it('leaves no struct behind when a field does not fit', () => {
    withLooseTable("(1, 'A', printf('%.100c', 'x')), (2, 'B', x'0102')")

    expect(raised(() => findUserById(db, 1))).toBeInstanceOf(TextTooLongError)
    expect(raised(() => findUserById(db, 2))).toBeInstanceOf(ColumnTypeError)
    expect(leaks(db)).toEqual([])
  })

  it.each([
    ['a name that is NULL', 'name', "(1, NULL, 'a@example.com')", NullFieldError],
    ['an email that is NULL', 'email', "(1, 'A', NULL)", NullFieldError],
    ['an email that is a BLOB', 'email', "(1, 'A', x'0102')", ColumnTypeError],
    [
      'a name of 100 bytes',
      'name',
      "(1, printf('%.100c', 'x'), 'a@example.com')",
      TextTooLongError,
    ],
    [
      'a name with a NUL inside',
      'name',
      "(1, 'A' || char(0) || 'B', 'a@example.com')",
      EmbeddedNulError,
    ],
  ])('refuses %s', (_what, field, row, FieldError) => {
    withLooseTable(row)
    const error = raised(() => findUserById(db, 1))

    expect(error).toBeInstanceOf(FieldError)
    expect(String(error), 'the message names the field').toMatch(new RegExp(`\\b${field}\\b`))
  })

  it('refuses an id that an int cannot hold', () => {
    withLooseTable("(4294967297, 'Eve', 'eve@example.com')") // the lower 32 bits are 1: Alice's id

    expect(raised(() => findUserById(db, 4294967297))).toBeInstanceOf(IntegerRangeError)
    expect(leaks(db)).toEqual([])
  })

  it('frees the first two when the third of a list fails', () => {
    withLooseTable(
      "(1, 'A', 'a@example.com'), (2, 'B', 'b@example.com'), (3, NULL, 'c@example.com')",
    )

    expect(raised(() => listUsers(db))).toBeInstanceOf(NullFieldError)
    expect(leaks(db)).toEqual([])
  })

  it('finds its columns by name when a migration puts a new one before them', () => {
    exec(
      db,
      `CREATE TABLE people (id INTEGER PRIMARY KEY, joined_at TEXT, email TEXT NOT NULL, name TEXT NOT NULL);
              INSERT INTO people SELECT id, '2026-01-05', email, name FROM users;
              DROP TABLE posts; DROP TABLE users; ALTER TABLE people RENAME TO users`,
    )

    expect(listNamesNaively(db)).toEqual(['2026-01-05', '2026-01-05']) // SELECT * takes what stands second
    expect(take(findUserById(db, 1))?.name).toBe('Alice')
    expect(listUsers(db).map((user) => take(user)?.email)).toEqual([
      'alice@example.com',
      'bob@example.com',
    ])
  })

  it('fails aloud when a migration renames a column', () => {
    exec(db, 'ALTER TABLE users RENAME COLUMN name TO full_name')
    const error = raised(() => findUserById(db, 1))

    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as Error).message).toContain('no such column: name')
  })

  it('says that the database is closed', () => {
    const closed = openDatabase(':memory:')
    closeDatabase(closed)

    expect(raised(() => findUserById(closed, 1))).toBeInstanceOf(ConnectionClosedError)
    expect(raised(() => listUsers(closed))).toBeInstanceOf(ConnectionClosedError)
  })
})
