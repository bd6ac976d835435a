import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  BusyError,
  CheckViolation,
  closeDatabase,
  createUserNaively,
  type Database,
  DatabaseError,
  databaseError,
  exec,
  ForeignKeyViolation,
  NotNullViolation,
  openDatabase,
  UniqueViolation,
} from '#stage/01-manual-mapping'
import { leaveNothingBehind, openUsers } from './fixture.ts'

let db: Database
beforeEach(() => {
  db = openUsers()
})
afterEach((context) => leaveNothingBehind(db, context))

describe('Task 1: hear what SQLite says', () => {
  it.each([
    [
      'an email that is taken',
      UniqueViolation,
      "INSERT INTO users VALUES (9, 'A', 'alice@example.com')",
    ],
    ['an id that is taken', UniqueViolation, "INSERT INTO users VALUES (1, 'A', 'a@example.com')"],
    ['a post of nobody', ForeignKeyViolation, "INSERT INTO posts VALUES (9, 'Lost', 99)"],
    [
      'a user without a name',
      NotNullViolation,
      "INSERT INTO users VALUES (9, NULL, 'a@example.com')",
    ],
    ['an email without @', CheckViolation, "INSERT INTO users VALUES (9, 'A', 'nowhere')"],
  ])('has a class for %s', (_what, Violation, sql) => {
    const error = raised(() => exec(db, sql))

    expect(error).toBeInstanceOf(Violation)
  })

  it('keeps the words of SQLite, the code, the SQL and the parameters', () => {
    raised(() => exec(db, "INSERT INTO users VALUES (9, 'A', 'alice@example.com')"))
    const error = databaseError(db.pointer, 'INSERT …', ['A', null, 2n ** 62n])

    expect(error.message).toContain('UNIQUE constraint failed: users.email')
    expect(error).toMatchObject({ code: 2067, sql: 'INSERT …', parameters: ['A', null, 2n ** 62n] })
  })

  it("shows where O'Malley breaks the naive string", () => {
    const error = raised(() => createUserNaively(db, "Sinéad O'Malley", 'sinead@example.com'))

    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as Error).constructor).toBe(DatabaseError)
    expect((error as DatabaseError).message).toContain('near "Malley": syntax error')
    expect((error as DatabaseError).sql).toContain("'Sinéad O'Malley'")
  })

  it('refuses an unknown column in double quotes', () => {
    const error = raised(() => exec(db, 'SELECT "nope" FROM users'))

    expect((error as DatabaseError).message).toContain('no such column: ')
  })

  it('says why a file cannot be opened', () => {
    const error = raised(() => openDatabase(join(tmpdir(), 'no such folder', 'users.db')))

    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as DatabaseError).message).toContain('unable to open database file')
  })

  it('has a class for a database that another connection writes to', () => {
    withTwoConnections((mine, other) => {
      exec(other, 'BEGIN IMMEDIATE')

      expect(raised(() => exec(mine, 'DELETE FROM posts'))).toBeInstanceOf(BusyError)
    })
  })

  it('knows every kind of busy by its primary code', () => {
    withTwoConnections((mine, other) => {
      exec(mine, 'PRAGMA journal_mode = WAL; BEGIN; SELECT * FROM posts')
      exec(other, 'DELETE FROM posts')

      const error = raised(() => exec(mine, 'DELETE FROM users'))

      expect(error).toBeInstanceOf(BusyError)
      expect((error as BusyError).code).toBe(517) // SQLITE_BUSY_SNAPSHOT
    })
  })
})

function withTwoConnections(use: (mine: Database, other: Database) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'orm-workbook-'))
  const file = join(folder, 'blog.db')
  const connections = [0, 1].map(() => openDatabase(file, { busyTimeout: 0 }))
  const [mine, other] = connections as [Database, Database]
  try {
    exec(mine, 'CREATE TABLE posts (id INTEGER); CREATE TABLE users (id INTEGER)')
    use(mine, other)
  } finally {
    for (const connection of connections) closeDatabase(connection)
    rmSync(folder, { recursive: true })
  }
}
