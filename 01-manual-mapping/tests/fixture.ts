import koffi from 'koffi'
import { expect, type TestContext } from 'vitest'
import {
  closeDatabase,
  type Database,
  exec,
  finalize,
  liveUsers,
  openDatabase,
  openStatements,
  prepare,
  type Statement,
  schema,
  sqlite3_column_int64,
  sqlite3_column_text,
  step,
} from '#stage/01-manual-mapping'

let usersBefore = 0

/** Before each test: what an earlier test has left behind does not count. */
export function countUsers(): void {
  usersBefore = liveUsers()
}

/** A fresh database in memory with Alice, Bob and one post of Alice's. */
export function openUsers(): Database {
  countUsers()
  const db = openDatabase(':memory:')
  exec(db, schema)
  return db
}

/** After each test: no User* is left to free, no statement to finalize. A test that failed has said enough already. */
export function leaveNothingBehind(db: Database, { task }: TestContext): void {
  if (task.result?.state === 'fail') return
  expect(leaks(db), 'what this test left behind').toEqual([])
  closeDatabase(db)
}

/** The same for a test without a database. */
export function leaveNoUsers({ task }: TestContext): void {
  if (task.result?.state === 'fail') return
  expect(leakedUsers(), 'what this test left behind').toEqual([])
}

/** What was not given back since the test began, in words. */
export function leaks(db: Database): string[] {
  return [...leakedUsers(), ...openStatements(db).map((sql) => `an open statement: ${sql}`)]
}

/** How many User* the test has to free now. */
export function ownedUsers(): number {
  return liveUsers() - usersBefore
}

function leakedUsers(): string[] {
  return ownedUsers() === 0 ? [] : [`${ownedUsers()} User* that nobody freed`]
}

/** The first column of the first row as text, read with bare hands: these tests do not trust the code they test. */
export function readText(db: Database, sql: string): string {
  return reading(db, sql, (statement) =>
    koffi.decode.string(sqlite3_column_text(statement.pointer, 0)),
  )
}

/** The first column of the first row as a number. */
export function readNumber(db: Database, sql: string): number {
  return reading(db, sql, (statement) => Number(sqlite3_column_int64(statement.pointer, 0)))
}

function reading<T>(db: Database, sql: string, read: (statement: Statement) => T): T {
  const statement = prepare(db, sql)
  try {
    if (!step(statement)) throw new Error(`no row: ${sql}`)
    return read(statement)
  } finally {
    finalize(statement)
  }
}
