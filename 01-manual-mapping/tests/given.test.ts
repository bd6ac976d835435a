import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  ConnectionClosedError,
  closeDatabase,
  createUserNaively,
  type Database,
  DatabaseError,
  exec,
  finalize,
  OpenStatementsError,
  openDatabase,
  prepare,
  StatementFinalizedError,
  step,
  trace,
  transaction,
} from '#stage/01-manual-mapping'
import { leaveNothingBehind, openUsers, readNumber, readText } from './fixture.ts'

let db: Database
beforeEach(() => {
  db = openUsers()
})
afterEach((context) => leaveNothingBehind(db, context))

describe('Given: the naive string', () => {
  it('works, as long as nobody means harm', () => {
    createUserNaively(db, 'Carol', 'carol@example.com')

    expect(readText(db, 'SELECT name FROM users WHERE id = 3')).toBe('Carol')
  })

  it('hands the whole table to whoever types SQL into the form', () => {
    createUserNaively(db, 'Mallory', "m@example.com'); DELETE FROM posts; DELETE FROM users; --")

    expect(readNumber(db, 'SELECT count(*) FROM users')).toBe(0)
  })
})

describe('Given: the connection', () => {
  it('names the statements that keep it from closing, and stays usable', () => {
    const statement = prepare(db, 'SELECT name FROM users')
    const error = raised(() => closeDatabase(db))
    finalize(statement)

    expect(error).toBeInstanceOf(OpenStatementsError)
    expect((error as OpenStatementsError).statements).toEqual(['SELECT name FROM users'])
    expect(readNumber(db, 'SELECT count(*) FROM users')).toBe(2)
  })

  it('says that it is closed, whatever is called on it', () => {
    const closed = openDatabase(':memory:')
    closeDatabase(closed)

    expect(raised(() => exec(closed, 'SELECT 1'))).toBeInstanceOf(ConnectionClosedError)
    expect(raised(() => prepare(closed, 'SELECT 1'))).toBeInstanceOf(ConnectionClosedError)
    expect(raised(() => closeDatabase(closed))).toBeInstanceOf(ConnectionClosedError)
  })

  it('collects the statements that run inside trace, with their values', () => {
    const statements = trace(db, () => exec(db, 'DELETE FROM posts; SELECT 1'))

    expect(statements).toEqual(['DELETE FROM posts;', 'SELECT 1'])
  })
})

describe('Given: the statement', () => {
  it('is unusable once it is finalized', () => {
    const statement = prepare(db, 'SELECT 1')
    finalize(statement)

    expect(raised(() => step(statement))).toBeInstanceOf(StatementFinalizedError)
    expect(raised(() => finalize(statement))).toBeInstanceOf(StatementFinalizedError)
  })

  it.each([
    ['SELECT 1; DELETE FROM posts', /first statement only/],
    ['  -- nothing', /no statement/],
  ])('is exactly one statement: %s', (sql, reason) => {
    const error = raised(() => prepare(db, sql))

    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as Error).message).toMatch(reason)
  })
})

describe('Given: the transaction', () => {
  it('keeps what it did', () => {
    const result = transaction(db, () => {
      exec(db, 'DELETE FROM posts')
      return 'done'
    })

    expect(result).toBe('done')
    expect(readNumber(db, 'SELECT count(*) FROM posts')).toBe(0)
  })

  it('undoes everything when its work fails, and lets the error through', () => {
    const mishap = new Error('mishap')
    const error = raised(() =>
      transaction(db, () => {
        exec(db, 'DELETE FROM posts')
        throw mishap
      }),
    )

    expect(error).toBe(mishap)
    expect(readNumber(db, 'SELECT count(*) FROM posts')).toBe(1)
  })
})
