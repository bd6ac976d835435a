import { beforeEach, expect, it } from 'vitest'
import { createBlog } from '../blog/blog.ts'
import { type RecordedConnection, record, type Statement } from './recorder.ts'
import { openSqlite } from './sqlite.ts'
import { StatementCache } from './statement-cache.ts'
import { AsyncTransactionError, transaction } from './transaction.ts'

let db: RecordedConnection

beforeEach(() => {
  const connection = openSqlite()
  createBlog(connection)
  db = record(connection)
})

it('records what was sent, the parameters and the number of rows', () => {
  db.all('SELECT id FROM users WHERE age > ?', [26])
  db.get('SELECT id FROM users')
  db.values('SELECT id FROM users')
  db.run('UPDATE users SET age = ?', [1])
  db.exec('DELETE FROM posts_tags')

  expect(db.statements.map(({ sql, parameters, rows }) => [sql, parameters, rows])).toEqual([
    ['SELECT id FROM users WHERE age > ?', [26], 1],
    ['SELECT id FROM users', [], 1],
    ['SELECT id FROM users', [], 3],
    ['UPDATE users SET age = ?', [1], 3],
    ['DELETE FROM posts_tags', [], 0],
  ])
})

it('gives the rows of the connection underneath', () => {
  expect(db.get('SELECT name FROM users WHERE id = ?', [1])).toEqual({ name: 'Alice' })
  expect(db.dialect.name).toBe('sqlite')
})

it('records a statement that fails, and lets the error through', () => {
  expect(() => db.all('SELECT nope')).toThrow('no such column')

  expect(db.statements).toHaveLength(1)
  expect(db.statements[0]?.error).toBeInstanceOf(Error)
})

it('names the line that asked', () => {
  db.all('SELECT 1')

  expect(db.statements[0]?.callSite).toMatch(/recorder\.test\.ts:\d+:\d+/)
})

it('keeps the parameters as they were when they were sent', () => {
  const parameters = [1]
  db.all('SELECT ?', parameters)
  parameters[0] = 2

  expect(db.statements[0]?.parameters).toEqual([1])
})

it('forgets when asked, and tells a listener as it happens', () => {
  const heard: Statement[] = []
  const listened = record(db, (statement) => heard.push(statement))
  listened.all('SELECT 1')
  listened.forget()

  expect(listened.statements).toEqual([])
  expect(heard.map(({ sql }) => sql)).toEqual(['SELECT 1'])
})

it('commits a transaction', () => {
  const result = transaction(db, () => {
    db.run('DELETE FROM posts_tags')
    return 'done'
  })

  expect(result).toBe('done')
  expect(db.statements.map(({ sql }) => sql)).toEqual(['BEGIN', 'DELETE FROM posts_tags', 'COMMIT'])
})

it('rolls a transaction back when its work throws', () => {
  const work = () => {
    db.run('DELETE FROM posts_tags')
    throw new Error('stop')
  }

  expect(() => transaction(db, work)).toThrow('stop')
  expect(db.get('SELECT COUNT(*) AS n FROM posts_tags')).toEqual({ n: 3 })
})

it('makes a savepoint of a transaction inside another, and undoes only that', () => {
  transaction(db, () => {
    db.run('DELETE FROM posts_tags WHERE tag_id = 2')
    expect(() =>
      transaction(db, () => {
        db.run('DELETE FROM posts_tags')
        throw new Error('inner')
      }),
    ).toThrow('inner')
  })

  expect(db.get('SELECT COUNT(*) AS n FROM posts_tags')).toEqual({ n: 2 })
})

it('gives the first error when the database has already rolled back by itself', () => {
  expect(() => transaction(db, () => db.exec('ROLLBACK; SELECT nope'))).toThrow('nope')
  expect(transaction(db, () => 'usable')).toBe('usable')
})

it('refuses a function that returns a promise, and rolls back', () => {
  expect(() => transaction(db, async () => {})).toThrow(AsyncTransactionError)
  expect(db.statements.map(({ sql }) => sql)).toEqual(['BEGIN', 'ROLLBACK'])
})

it('keeps a bounded number of prepared statements, and drops the one used longest ago', () => {
  const prepared: string[] = []
  const cache = new StatementCache(2, (sql) => prepared.push(sql))

  for (const sql of ['a', 'b', 'a', 'c', 'a', 'b']) cache.get(sql)

  expect(prepared).toEqual(['a', 'b', 'c', 'b'])
  expect(cache.size).toBe(2)
})
