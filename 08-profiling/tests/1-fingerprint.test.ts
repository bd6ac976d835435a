import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  expectQueries,
  fingerprint,
  QueryCountError,
  timingsOf,
  waterfall,
} from '#stage/08-profiling'
import { open, Post, User } from './models.ts'

const same = (...statements: readonly string[]) => {
  const prints = statements.map(fingerprint)
  expect(new Set(prints), prints.join('\n')).toHaveLength(1)
}

const different = (...statements: readonly string[]) => {
  const prints = statements.map(fingerprint)
  expect(new Set(prints), prints.join('\n')).toHaveLength(statements.length)
}

describe('Task 1: one shape, one fingerprint', () => {
  it('keeps a statement that is written as it should be', () => {
    const sql = 'SELECT id, title FROM posts WHERE user_id = ?'
    expect(fingerprint(sql)).toBe(sql)
  })

  describe('looks through', () => {
    it('values, wherever they stand', () => {
      same(
        'SELECT * FROM posts WHERE user_id = 1',
        'SELECT * FROM posts WHERE user_id = 22',
        "SELECT * FROM posts WHERE user_id = 'it''s'",
        'SELECT * FROM posts WHERE user_id = ?',
        'SELECT * FROM posts WHERE user_id = $1',
        'SELECT * FROM posts WHERE user_id = :user',
      )
    })

    it('the kinds of numbers, texts and bytes', () => {
      same(
        ...['1', '1.5', '.5', '2e-7', '0xFF', "''", "x'ff'", 'true', 'FALSE', '-1', '@a'].map(
          (value) => `SELECT * FROM t WHERE a = ${value}`,
        ),
      )
    })

    it('what PostgreSQL knows of texts', () => {
      same(
        "SELECT * FROM t WHERE a = E'it\\'s'",
        "SELECT * FROM t WHERE a = $$it's$$",
        'SELECT * FROM t WHERE a = $x$ $$ $x$',
      )
    })

    it('white space and comments', () => {
      same(
        'SELECT id FROM users',
        '  SELECT\n\tid\nFROM users ;',
        'SELECT id -- the key\nFROM /* all of them */ users',
      )
    })

    it('capitals, and quotes that are not needed', () => {
      same(
        'SELECT id FROM users',
        'select ID from Users',
        'SELECT "id" FROM "users"',
        'SELECT `id` FROM [users]',
      )
    })

    it('how many values a list has', () => {
      same(
        ...['(1)', '(?, ?)', "('a', NULL, 3)", '( ?,?,?,? )', '()'].map(
          (list) => `SELECT * FROM t WHERE a IN ${list} AND b = 1`,
        ),
      )
    })

    it('how many rows are written', () => {
      same(
        'INSERT INTO tags (id, name) VALUES (?, ?)',
        'INSERT INTO tags (id, name) VALUES (1, NULL), (?, ?), (3, DEFAULT)',
      )
    })

    it('how many pairs are asked for', () => {
      same(
        'SELECT * FROM t WHERE (a, b) IN ((1, 2))',
        'SELECT * FROM t WHERE (a, b) IN ((1, 2), (3, 4))',
      )
    })
  })

  describe('keeps apart', () => {
    it('tables, columns, operators and order', () => {
      different(
        'SELECT * FROM posts WHERE user_id = ?',
        'SELECT * FROM posts WHERE id = ?',
        'SELECT * FROM users WHERE id = ?',
        'SELECT * FROM posts WHERE user_id > ?',
        'SELECT * FROM posts WHERE user_id = ? ORDER BY id',
        'SELECT * FROM posts WHERE user_id = ? ORDER BY id DESC',
      )
    })

    it('names in which quotes hold what they would not be without', () => {
      different(
        'SELECT "Name" FROM users',
        'SELECT name FROM users',
        'SELECT "a b" FROM users',
        'SELECT a b FROM users',
      )
      expect(fingerprint('SELECT "order" FROM users')).toBe('SELECT "order" FROM users')
    })

    it('a word in a text and the same word outside', () => {
      different(
        "SELECT * FROM users WHERE name = 'x' OR name = 'y'",
        "SELECT * FROM users WHERE name = 'x'' OR name = ''y'",
      )
    })

    it('NULL that is asked for, and a value', () => {
      different(
        'SELECT * FROM users WHERE age IS NULL',
        'SELECT * FROM users WHERE age IS ?',
        'SELECT * FROM users WHERE age IS NOT NULL',
      )
    })

    it('a list of values and a subquery', () => {
      different('SELECT * FROM t WHERE a IN (?, ?)', 'SELECT * FROM t WHERE a IN (SELECT b FROM t)')
      expect(
        fingerprint('SELECT * FROM t WHERE a IN (SELECT b FROM t WHERE c IN (1, 2))'),
      ).toContain('(SELECT')
    })

    it('what stands behind a list', () => {
      expect(fingerprint('DELETE FROM t WHERE a IN (1, 2) AND b NOT IN (3) AND c > 4')).toBe(
        'DELETE FROM t WHERE a IN (…) AND b NOT IN (…) AND c > ?',
      )
      expect(fingerprint('INSERT INTO t VALUES (1), (2) RETURNING id')).toBe(
        'INSERT INTO t VALUES (…) RETURNING id',
      )
    })

    it('values that a function is given: it is no list', () => {
      expect(fingerprint('SELECT max(1, 2) FROM t WHERE (a = 3)')).toBe(
        'SELECT max(?, ?) FROM t WHERE (a = ?)',
      )
    })

    it('a row with a computed value and one without', () => {
      different('INSERT INTO t (a, b) VALUES (?, ?)', 'INSERT INTO t (a, b) VALUES (?, lower(?))')
    })

    it('a minus between two numbers, and one before a number', () => {
      different('SELECT a - 1 FROM t', 'SELECT a, -1 FROM t')
    })
  })

  it('does not stumble over what is no SQL, or none any more', () => {
    const texts = ['', ';', 'SELECT (', "SELECT 'open", 'IN (', 'VALUES', ')))', '🙂', '$$']
    expect(texts.map((text) => typeof fingerprint(text))).toEqual(texts.map(() => 'string'))
  })

  it('is the same for any values and any white space', () => {
    expect(fingerprint('')).toBe('')
    const value = fc.oneof(
      fc.integer().map(String),
      fc.string().map((text) => `'${text.replaceAll("'", "''")}'`),
    )
    const gap = fc.constantFrom(' ', '\n', '\t ', ' /* x */ ', ' -- y\n')
    const list = fc.array(value, { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(value, list, gap, (one, many, space) => {
        const sql = `SELECT${space}*${space}FROM t WHERE a =${space}${one}${space}AND b IN (${many.join(`,${space}`)})`
        expect(fingerprint(sql)).toBe('SELECT * FROM t WHERE a = ? AND b IN (…)')
      }),
    )
  })

  it('is its own fingerprint', () => {
    const { db, session } = open()
    session
      .query(User)
      .with({ posts: { comments: true } })
      .all()
    const prints = db.statements.map(({ sql }) => fingerprint(sql))
    expect(prints).toHaveLength(3)
    expect(prints.map(fingerprint)).toEqual(prints)
  })

  describe('is used by expectQueries, which', () => {
    it('gives the result when so many statements were sent', () => {
      const { db, session } = open()
      const users = expectQueries(db, 2, () => session.query(User).with({ posts: true }).all())
      expect(users).toHaveLength(3)
      expect(
        expectQueries(db, 1, () => session.query(Post).all()),
        fingerprint(''),
      ).toHaveLength(3)
    })

    it('lists them by shape and line when they are others', () => {
      const { db, session } = open()
      const touch = () => {
        for (const user of session.query(User).all()) user.posts.toArray()
      }
      const error = raised(() => expectQueries(db, 2, touch)) as QueryCountError
      expect(error).toBeInstanceOf(QueryCountError)
      expect(error.statements).toHaveLength(4)
      expect(error.message).toMatch(/^2 statements expected, and 4 sent/)
      expect(error.message).toMatch(/1 × SELECT .* FROM users\n/)
      expect(error.message).toMatch(
        /3 × SELECT .* FROM posts WHERE user_id = \?\n .*1-fingerprint\.test\.ts:\d+/,
      )
    })

    it('refuses a function that returns a promise: it would count too early', () => {
      const { db } = open()
      expect(fingerprint('SELECT 1')).toBe('SELECT ?')
      const refused = raised(() => expectQueries(db, 0, async () => 'too late'))
      expect(refused).toBeInstanceOf(TypeError)
    })
  })

  describe('is used by the log of times, which', () => {
    const timed = (sql: string, milliseconds: number, startedAt = 0) => ({
      sql,
      milliseconds,
      startedAt,
      parameters: [],
      rows: 1,
      callSite: undefined,
    })

    it('puts a shape that is sent often before one that is slow once', () => {
      const often = Array.from({ length: 20 }, (_, i) => timed(`SELECT ${i}`, i + 1))
      const timings = timingsOf([timed('SELECT a FROM t', 100), ...often])
      expect(timings.map(({ fingerprint, total }) => [fingerprint, total])).toEqual([
        ['SELECT ?', 210],
        ['SELECT a FROM t', 100],
      ])
      expect(timings[0]).toMatchObject({ p50: 10, p95: 19, slowest: 20 })
    })

    it('draws each shape as a lane of its own', () => {
      const picture = String(
        waterfall([timed('SELECT a FROM t', 1), timed('SELECT 1', 2, 1), timed('SELECT 2', 1, 4)]),
      )
      expect(picture.match(/<rect/g)).toHaveLength(3)
      expect(picture.match(/<g>/g)).toHaveLength(2)
      expect(picture).toContain('2 × SELECT ?')
    })
  })
})
