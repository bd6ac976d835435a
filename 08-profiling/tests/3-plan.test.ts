import { beforeEach, describe, expect, it } from 'vitest'
import { createBlog } from '#shared/blog/blog'
import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite, type SqliteConnection } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  explainPlan,
  explainWith,
  fullScansOf,
  type PlanStep,
  proposeIndexes,
  readPlan,
  showPlan,
} from '#stage/08-profiling'

let sqlite: SqliteConnection
let db: RecordedConnection

beforeEach(() => {
  sqlite = openSqlite()
  createBlog(sqlite)
  db = record(sqlite)
})

const question = (sql: string, ...parameters: (string | number)[]) => ({ sql, parameters })
const plan = (sql: string, ...parameters: (string | number)[]) =>
  explainPlan(db, question(sql, ...parameters))
const scans = (sql: string, ...parameters: (string | number)[]) =>
  fullScansOf(plan(sql, ...parameters)).map(({ source }) => source)
const row = (id: number, parent: number, detail: string) => ({ id, parent, notused: 0, detail })
/** The details of a tree, each in its place. */
const details = (steps: readonly PlanStep[]): unknown[] =>
  steps.map(({ detail, steps }) => (steps.length > 0 ? [detail, details(steps)] : detail))

const byAuthor = question('SELECT id, title FROM posts WHERE user_id = ?', 1)
const index = 'CREATE INDEX ix_posts_user_id ON posts (user_id)'

describe('Task 3: read the plan', () => {
  describe('as a tree', () => {
    it('of one step', () => {
      expect(plan('SELECT * FROM users WHERE id = ?', 1)).toMatchObject([
        { kind: 'search', source: 'users', index: undefined, steps: [] },
      ])
    })

    it('in which each step stands inside of the one that it names', () => {
      const rows = [
        row(2, 0, 'CO-ROUTINE numbered'),
        row(5, 2, 'SCAN posts'),
        row(9, 2, 'USE TEMP B-TREE FOR ORDER BY'),
        row(30, 0, 'SCAN numbered'),
        row(31, 30, 'LIST SUBQUERY 3'),
      ]
      expect(details(readPlan(rows))).toEqual([
        ['CO-ROUTINE numbered', ['SCAN posts', 'USE TEMP B-TREE FOR ORDER BY']],
        ['SCAN numbered', ['LIST SUBQUERY 3']],
      ])
    })

    it('of no step at all', () => {
      expect(readPlan([])).toEqual([])
    })

    it('as deep as the database makes it', () => {
      const steps = plan(
        'SELECT id FROM users UNION SELECT id FROM posts WHERE id = 1 OR user_id IN (SELECT id FROM tags)',
      )
      const depth = (all: readonly PlanStep[]): number =>
        Math.max(0, ...all.map((one) => 1 + depth(one.steps)))
      expect(depth(steps)).toBeGreaterThan(2)
    })
  })

  describe('of which each step says', () => {
    const step = (detail: string) => readPlan([row(1, 0, detail)])[0]

    it('what it does, and to which table', () => {
      expect(step('SCAN posts')).toMatchObject({ kind: 'scan', source: 'posts', index: undefined })
      expect(step('SEARCH users USING INTEGER PRIMARY KEY (rowid=?)')).toMatchObject({
        kind: 'search',
        source: 'users',
        index: undefined,
      })
      expect(step('USE TEMP B-TREE FOR ORDER BY')).toMatchObject({
        kind: 'sort',
        source: undefined,
      })
      expect(step('USE TEMP B-TREE FOR GROUP BY')).toMatchObject({ kind: 'sort' })
      expect(step('USE TEMP B-TREE FOR DISTINCT')).toMatchObject({ kind: 'sort' })
      expect(step('USE TEMP B-TREE FOR LAST 2 TERMS OF ORDER BY')).toMatchObject({ kind: 'sort' })
      expect(step('CO-ROUTINE numbered')).toMatchObject({ kind: 'other', source: undefined })
    })

    it('through which index', () => {
      expect(step('SEARCH posts USING INDEX ix_posts_user_id (user_id=?)')).toMatchObject({
        kind: 'search',
        index: 'ix_posts_user_id',
      })
      expect(step('SCAN p USING COVERING INDEX ix_title')).toMatchObject({
        kind: 'scan',
        source: 'p',
        index: 'ix_title',
      })
    })

    it('also where names hold blanks', () => {
      expect(step('SCAN blog posts')).toMatchObject({ kind: 'scan', source: 'blog posts' })
      expect(step('SEARCH b p USING COVERING INDEX my index (user id=?) LEFT-JOIN')).toMatchObject({
        kind: 'search',
        source: 'b p',
        index: 'my index',
      })
      expect(step('SEARCH b p EXISTS USING AUTOMATIC PARTIAL COVERING INDEX (a=?)')).toMatchObject({
        source: 'b p',
        index: undefined,
      })
      expect(step('SEARCH users LEFT-JOIN')).toMatchObject({ source: 'users' })
      expect(step('SCAN j e VIRTUAL TABLE INDEX 1:')).toMatchObject({ source: 'j e' })
    })

    it('whether the index is made for this statement alone', () => {
      expect(step('SEARCH p USING AUTOMATIC COVERING INDEX (user_id=?)')).toMatchObject({
        kind: 'search',
        index: undefined,
        isAutomatic: true,
      })
      expect(step('SEARCH p USING AUTOMATIC PARTIAL COVERING INDEX (user_id=?)')).toMatchObject({
        index: undefined,
        isAutomatic: true,
      })
      expect(step('SEARCH p USING INDEX ix_p (user_id=?)')).toMatchObject({ isAutomatic: false })
    })

    it('the same in the words of older versions', () => {
      expect(step('SCAN TABLE posts')).toMatchObject({ kind: 'scan', source: 'posts' })
      expect(step('SEARCH TABLE posts USING INDEX ix (a=?)')).toMatchObject({
        kind: 'search',
        source: 'posts',
        index: 'ix',
      })
    })
  })

  describe('and finds the full scans', () => {
    it('of a table without a fitting index', () => {
      expect(scans(byAuthor.sql, 1)).toEqual(['posts'])
    })

    it('but not where a row is found by its key, which is an index without a name', () => {
      expect(scans('SELECT name FROM users WHERE id = ?', 1)).toEqual([])
      expect(
        scans('SELECT p.title, u.name FROM posts AS p JOIN users AS u ON u.id = p.user_id'),
      ).toEqual(['p'])
    })

    it('inside of other steps', () => {
      expect(
        scans(
          'SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY user_id) AS place FROM posts) AS numbered WHERE place = 1',
        ),
      ).toEqual(['posts'])
    })

    it('but not where a result is scanned that the plan has made', () => {
      expect(
        scans(
          'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n',
        ),
      ).toEqual([])
    })

    it.each([
      ['a subquery', 'SELECT x FROM (SELECT 1 AS x LIMIT 2) WHERE x > 0'],
      ['a list of values', 'SELECT * FROM (VALUES (1), (2), (3))'],
      ['a list of values with a name', 'WITH n(i) AS (VALUES (1), (2)) SELECT i FROM n'],
      ['no table at all', 'SELECT 1'],
      ['what a function gives', "SELECT value FROM json_each('[1, 2]')"],
    ])('but not where %s is scanned', (_, sql) => {
      expect(plan(sql).length).toBeGreaterThan(0)
      expect(scans(sql)).toEqual([])
    })

    it('but not where a materialized result is scanned', () => {
      const rows = [row(3, 0, 'MATERIALIZE n'), row(7, 3, 'SCAN t'), row(20, 0, 'SCAN n')]
      expect(fullScansOf(readPlan(rows)).map(({ source }) => source)).toEqual(['t'])
    })

    it.each([
      ['its own name', 'recent'],
      ['another name', 'recent AS r'],
      ['a name in capitals', 'Recent AS "R"'],
    ])('but not where a materialized result is scanned under %s', (_, name) => {
      const recent = 'WITH recent AS MATERIALIZED (SELECT id FROM posts WHERE id > 5)'
      expect(scans(`${recent} SELECT * FROM ${name}`)).toEqual([])
      expect(scans(`${recent} SELECT * FROM ${name} JOIN comments AS recently`)).toEqual([
        'recently',
      ])
    })

    it('of a table whose name begins like something else', () => {
      db.exec('CREATE TABLE "3d models" (id INTEGER PRIMARY KEY, name TEXT)')
      expect(scans('SELECT * FROM "3d models"')).toEqual(['3d models'])
    })

    it('but not where an index gives the order', () => {
      db.exec('CREATE INDEX ix_posts_created_at ON posts (created_at)')
      expect(scans('SELECT * FROM posts ORDER BY created_at LIMIT 10')).toEqual([])
    })

    it('under the name that the statement gives', () => {
      expect(scans('SELECT p.id FROM posts AS p WHERE p.title = ?', 'x')).toEqual(['p'])
    })
  })

  it('is shown with what is dear about it', () => {
    expect(
      showPlan(plan('SELECT * FROM posts WHERE user_id = ? ORDER BY created_at', 1)).split('\n'),
    ).toEqual([
      '├─ SCAN posts                     ← reads the whole table',
      '└─ USE TEMP B-TREE FOR ORDER BY   ← sorts all rows before it gives the first',
    ])
  })

  it('does not run the statement', () => {
    explainPlan(db, question('DELETE FROM comments'))
    expect(db.get('SELECT COUNT(*) AS n FROM comments')).toEqual({ n: 3 })
  })

  describe('as it would be', () => {
    it('with an index that is not there', () => {
      expect(explainWith(db, index, byAuthor)).toMatchObject([
        { kind: 'search', source: 'posts', index: 'ix_posts_user_id' },
      ])
    })

    it('and takes the index back', () => {
      explainWith(db, index, byAuthor)
      expect(explainPlan(db, byAuthor)).toMatchObject([{ kind: 'scan' }])
      expect(sqlite.inTransaction).toBe(false)
    })

    it('and takes back what was changed when the question fails', () => {
      const error = raised(() => explainWith(db, index, question('SELECT nope FROM posts')))
      expect(String(error)).toMatch(/nope/)
      expect(explainPlan(db, byAuthor)).toMatchObject([{ kind: 'scan' }])
      expect(sqlite.inTransaction).toBe(false)
    })

    it('inside of a transaction, which stays open with all that it has done', () => {
      db.exec('BEGIN')
      db.run("UPDATE users SET name = 'Alicia' WHERE id = 1")
      explainWith(db, index, byAuthor)
      expect(sqlite.inTransaction).toBe(true)
      expect(db.get('SELECT name FROM users WHERE id = 1')).toEqual({ name: 'Alicia' })
      db.exec('ROLLBACK')
    })
  })

  describe('and is asked again for each index that is proposed', () => {
    const proposed = (sql: string, ...parameters: (string | number)[]) =>
      proposeIndexes(db, question(sql, ...parameters)).map((proposal) => proposal.sql)

    it('which has to end the scan', () => {
      const [only, ...others] = proposeIndexes(db, byAuthor)
      expect(others).toEqual([])
      expect(only?.sql).toBe(index)
      expect(fullScansOf(only!.before)).toHaveLength(1)
      expect(only?.after).toMatchObject([{ kind: 'search', index: 'ix_posts_user_id' }])
    })

    it('which may save the sort too: the compared column first, then the order', () => {
      expect(
        proposed('SELECT * FROM posts WHERE user_id = ? ORDER BY created_at DESC LIMIT 1', 1),
      ).toEqual(['CREATE INDEX ix_posts_user_id_created_at ON posts (user_id, created_at)'])
    })

    it('which serves a range', () => {
      expect(proposed('SELECT * FROM users WHERE age > ?', 18)).toEqual([
        'CREATE INDEX ix_users_age ON users (age)',
      ])
    })

    it('which serves a join, under another name of the table', () => {
      expect(
        proposed('SELECT u.name, p.title FROM users AS u LEFT JOIN posts AS p ON p.user_id = u.id'),
      ).toEqual([index])
    })

    it('which serves names that need quotes', () => {
      db.exec('CREATE TABLE "Order Items" (id INTEGER PRIMARY KEY, "orderId" INTEGER)')
      const sql = 'SELECT oi.id FROM "Order Items" AS oi WHERE "OI"."orderId" = ?'
      expect(proposeIndexes(db, question(sql, 1)).map((one) => one.sql)).toEqual([
        'CREATE INDEX "ix_Order Items_orderId" ON "Order Items" ("orderId")',
      ])
    })

    it('which serves an UPDATE, and not what it sets', () => {
      expect(proposed('UPDATE posts SET title = ? WHERE user_id = ?', 'x', 1)).toEqual([index])
    })

    it('and proposes none where all rows are wanted, or where all is well', () => {
      expect(proposed('SELECT name FROM users')).toEqual([])
      expect(proposed('SELECT name FROM users WHERE id = ?', 1)).toEqual([])
    })

    it('and proposes none that the database would not use', () => {
      expect(proposed("SELECT name FROM users WHERE upper(name) = 'ALICE'")).toEqual([])
      expect(proposed('SELECT title FROM posts WHERE user_id + 0 = ?', 1)).toEqual([])
    })

    it('and proposes none that is there already', () => {
      db.exec(index)
      expect(proposed(byAuthor.sql, 1)).toEqual([])
    })

    it('and leaves nothing behind', () => {
      proposeIndexes(db, byAuthor)
      expect(
        db.all("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"),
      ).toEqual([])
    })
  })
})
