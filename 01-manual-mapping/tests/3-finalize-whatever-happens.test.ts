import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  columnText,
  type Database,
  DatabaseError,
  execute,
  openStatements,
  ParameterCountError,
  type Statement,
  StatementFinalizedError,
  step,
  UniqueViolation,
  withStatement,
} from '#stage/01-manual-mapping'
import { leaveNothingBehind, openUsers, readText } from './fixture.ts'

let db: Database
beforeEach(() => {
  db = openUsers()
})
afterEach((context) => leaveNothingBehind(db, context))

describe('Task 3: finalize, whatever happens', () => {
  it('lends a bound statement and gives back what is made of it', () => {
    const name = withStatement(db, 'SELECT name FROM users WHERE id = ?', [2], (statement) =>
      step(statement) ? columnText(statement, 0) : null,
    )

    expect(name).toBe('Bob')
    expect(openStatements(db)).toEqual([])
  })

  it('finalizes when only some of the rows are read', () => {
    withStatement(db, 'SELECT name FROM users', [], (statement) => step(statement))

    expect(openStatements(db)).toEqual([])
  })

  it('finalizes when the work fails, and lets its error through', () => {
    const mishap = new Error('mishap')
    const work = () => {
      throw mishap
    }

    expect(raised(() => withStatement(db, 'SELECT 1', [], work))).toBe(mishap)
    expect(openStatements(db)).toEqual([])
  })

  it('finalizes when a value cannot be bound', () => {
    const error = raised(() => withStatement(db, 'SELECT ?', [], step))

    expect(error).toBeInstanceOf(ParameterCountError)
    expect(openStatements(db)).toEqual([])
  })

  it('finalizes when a step fails, after it has heard why', () => {
    const sql = 'INSERT INTO users (name, email) VALUES (?, ?)'
    const error = raised(() => execute(db, sql, ['Eve', 'bob@example.com']))

    expect(error).toBeInstanceOf(UniqueViolation)
    expect(error).toMatchObject({ sql, parameters: ['Eve', 'bob@example.com'] })
    expect(openStatements(db)).toEqual([])
  })

  it('takes the statement back: nobody uses it afterwards', () => {
    const kept = withStatement<Statement>(db, 'SELECT 1', [], (statement) => statement)

    expect(raised(() => step(kept))).toBeInstanceOf(StatementFinalizedError)
  })

  it('runs a statement inside another one', () => {
    const upper = (name: string | null) =>
      withStatement(db, 'SELECT upper(?)', [name], (row) => step(row) && columnText(row, 0))
    const names = withStatement(db, 'SELECT name FROM users WHERE id = 1', [], (row) => {
      step(row)
      return [upper(columnText(row, 0)), columnText(row, 0)]
    })

    expect(names).toEqual(['ALICE', 'Alice'])
  })

  it('executes a statement to its end and says how many rows it changed', () => {
    const outcome = execute(db, 'UPDATE users SET name = name || ? WHERE id > 0', ['!'])

    expect(outcome.changes).toBe(2)
    expect(readText(db, 'SELECT group_concat(name) FROM users')).toBe('Alice!,Bob!')
  })

  it('steps to the end: an error may come after the first row', () => {
    // abs() of the smallest 64-bit integer is one more than the largest.
    const sql = 'SELECT abs(-1) UNION ALL SELECT abs(-9223372036854775807 - 1)'

    expect(raised(() => execute(db, sql))).toBeInstanceOf(DatabaseError)
    expect(openStatements(db)).toEqual([])
  })

  it('says 0 when no row was changed', () => {
    expect(execute(db, 'UPDATE users SET name = ? WHERE id = ?', ['X', 99]).changes).toBe(0)
  })

  it('gives the id of an inserted row exactly, however large', () => {
    const sql = 'INSERT INTO users VALUES (?, ?, ?)'

    expect(execute(db, sql, [7, 'Carol', 'c@example.com']).lastInsertId).toBe(7n)
    expect(execute(db, sql, [2n ** 53n + 1n, 'Dan', 'd@example.com']).lastInsertId).toBe(
      2n ** 53n + 1n,
    )
  })
})
