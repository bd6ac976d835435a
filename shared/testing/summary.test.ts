import { describe, expect, it } from 'vitest'
import { summarize } from './summary.ts'
import { statementsOf, tokenize } from './tokens.ts'

const summaryOf = (sql: string) => summarize(tokenize(sql))

describe('the summary of a statement', () => {
  it.each([
    ['SELECT id, name FROM users WHERE id = ?', 'users'],
    ['select "u"."id" from "users" as "u"', 'users'],
    ['SELECT *\n  FROM main.users -- FROM posts', 'users'],
    ["SELECT 'FROM posts' FROM users", 'users'],
    ['SELECT (SELECT count(*) FROM posts) FROM users', 'users'],
    ['SELECT * FROM (SELECT * FROM users) AS u', 'users'],
    ['SELECT * FROM ((users JOIN posts ON true))', 'users'],
    ['SELECT a IS NOT DISTINCT FROM b FROM users', 'users'],
    ['WITH posts AS (SELECT * FROM posts) SELECT * FROM users', 'users'],
    ['WITH RECURSIVE a(n) AS (SELECT 1), "select" AS (SELECT 2) SELECT * FROM users', 'users'],
    ['SELECT * FROM `users`', 'users'],
    ['SELECT * FROM [users]', 'users'],
    ['SELECT * FROM "odd "" name"', 'odd " name'],
  ])('finds the table of %s', (sql, target) => {
    expect(summaryOf(sql)).toEqual({ verb: 'SELECT', target })
  })

  it('has no table where there is none', () => {
    expect(summaryOf('SELECT 1')).toEqual({ verb: 'SELECT' })
  })

  it.each([
    ['INSERT INTO users (name, "Email") VALUES (?, ?)', ['email', 'name']],
    ['insert or ignore into users(name,email) values (upper(?), ?)', ['email', 'name']],
    ['INSERT INTO "users" ("email", "name") SELECT email, name FROM old', ['email', 'name']],
  ])('finds the columns of %s', (sql, columns) => {
    expect(summaryOf(sql)).toEqual({ verb: 'INSERT', target: 'users', columns })
  })

  it.each(['INSERT INTO users DEFAULT VALUES', 'INSERT INTO users VALUES (1, 2)'])(
    'finds no columns in %s',
    (sql) => {
      expect(summaryOf(sql)).toEqual({ verb: 'INSERT', target: 'users' })
    },
  )

  it.each([
    ['UPDATE users SET name = ?, email = ? WHERE id = ?', ['email', 'name']],
    ['update "users" set "name" = coalesce(?, "a"), email=? returning id', ['email', 'name']],
    ['UPDATE OR IGNORE users SET (name, email) = (?, ?) FROM posts', ['email', 'name']],
    [
      'WITH x AS (SELECT 1) UPDATE users SET name = (SELECT 1 WHERE 1), email = 2',
      ['email', 'name'],
    ],
  ])('finds the columns of %s', (sql, columns) => {
    expect(summaryOf(sql)).toEqual({ verb: 'UPDATE', target: 'users', columns })
  })

  it.each([
    ['DELETE FROM "posts" WHERE id IN (SELECT id FROM users)', 'DELETE', 'posts'],
    ['CREATE TABLE IF NOT EXISTS "users" (id INTEGER)', 'CREATE TABLE', 'users'],
    ['CREATE UNIQUE INDEX users_email ON users (email)', 'CREATE INDEX', 'users_email'],
    ['DROP TABLE IF EXISTS users', 'DROP TABLE', 'users'],
    ['ALTER TABLE users ADD COLUMN age INTEGER', 'ALTER TABLE', 'users'],
    ['SAVEPOINT "one"', 'SAVEPOINT', 'one'],
    ['RELEASE SAVEPOINT one', 'RELEASE', 'one'],
    ['ROLLBACK TO SAVEPOINT one', 'ROLLBACK TO', 'one'],
    ['PRAGMA foreign_keys = ON', 'PRAGMA', 'foreign_keys'],
  ])('says what %s does', (sql, verb, target) => {
    expect(summaryOf(sql)).toEqual({ verb, target })
  })

  it.each([
    ['BEGIN IMMEDIATE', 'BEGIN'],
    ['START TRANSACTION ISOLATION LEVEL SERIALIZABLE', 'BEGIN'],
    ['commit;', 'COMMIT'],
    ['END TRANSACTION', 'COMMIT'],
    ['ROLLBACK', 'ROLLBACK'],
    ['EXPLAIN QUERY PLAN SELECT 1', 'EXPLAIN'],
    ['', ''],
  ])('gives %s the verb %s', (sql, verb) => {
    expect(summaryOf(sql)).toEqual({ verb })
  })
})

describe('a script', () => {
  it('is cut at the semicolons outside of strings, parentheses and triggers', () => {
    const script = `
      INSERT INTO users VALUES ('a;b');
      CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM posts; DELETE FROM tags; END;
      ; COMMIT -- ; the end
    `
    const verbs = statementsOf(script).map((tokens) => summarize(tokens).verb)
    expect(verbs).toEqual(['INSERT', 'CREATE TRIGGER', 'COMMIT'])
  })
})
