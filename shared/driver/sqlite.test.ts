import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import koffi from 'koffi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqlite } from './dialect.ts'
import type { Connection } from './driver.ts'
import {
  BusyError,
  CheckViolation,
  ConnectionClosedError,
  DatabaseError,
  ForeignKeyViolation,
  NotNullViolation,
  UniqueViolation,
  UnsupportedValueError,
} from './errors.ts'
import { openSqlite } from './sqlite.ts'
import { findSqliteLibrary } from './sqlite-library.ts'

let db: Connection

beforeEach(() => {
  db = openSqlite()
  db.exec(`
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE cells (id INTEGER PRIMARY KEY, any_value, text_value TEXT UNIQUE, whole INTEGER, fraction REAL,
      positive INTEGER CHECK (positive > 0), needed TEXT NOT NULL DEFAULT '', parent_id INTEGER REFERENCES parents (id));
  `)
})

afterEach(() => db.close())

const refusal = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('The database took it.')
}

describe('values', () => {
  it.each([
    ['null', null],
    ['an empty string', ''],
    ['text that is no ASCII', 'Žofie 🎈'],
    ['a whole number', 42],
    ['a negative number', -1],
    ['the largest safe number', Number.MAX_SAFE_INTEGER],
    ['a fraction', 0.1],
    ['a number beyond whole numbers', 1e300],
    ['a bigint beyond 2^53', 9_007_199_254_740_993n],
    ['the smallest int64', -(2n ** 63n)],
  ])('give back %s as it was', (_, value) => {
    db.run('INSERT INTO cells (any_value) VALUES (?)', [value])

    expect(db.values('SELECT any_value FROM cells')).toEqual([[value]])
  })

  it('gives back bytes as bytes', () => {
    db.run('INSERT INTO cells (any_value) VALUES (?)', [Uint8Array.of(0, 255)])

    expect(db.get('SELECT any_value FROM cells')?.any_value).toEqual(Buffer.from([0, 255]))
  })

  it('gives small bigints back as numbers', () => {
    db.run('INSERT INTO cells (any_value) VALUES (?)', [7n])

    expect(db.get('SELECT any_value FROM cells')).toEqual({ any_value: 7 })
  })

  it('keeps every digit when one row among many needs them, and on later runs', () => {
    for (const value of [1, 9_007_199_254_740_993n, 3])
      db.run('INSERT INTO cells (whole) VALUES (?)', [value])

    const read = () => db.all('SELECT whole FROM cells ORDER BY id').map((row) => row.whole)

    expect(read()).toEqual([1, 9_007_199_254_740_993n, 3])
    expect(read()).toEqual([1, 9_007_199_254_740_993n, 3])
  })

  it('keeps every digit of what INSERT … RETURNING gives back, and inserts once', () => {
    const rows = db.values('INSERT INTO cells (whole) VALUES (?) RETURNING whole', [
      9_007_199_254_740_993n,
    ])

    expect(rows).toEqual([[9_007_199_254_740_993n]])
    expect(db.get('SELECT COUNT(*) AS n FROM cells')).toEqual({ n: 1 })
  })

  it('sends whole numbers as whole numbers: 5 in a TEXT column is "5"', () => {
    db.run('INSERT INTO cells (text_value) VALUES (?)', [5])

    expect(db.get('SELECT text_value FROM cells')).toEqual({ text_value: '5' })
  })

  it.each([
    ['undefined', undefined],
    ['a boolean', true],
    ['a Date', new Date(0)],
    ['an object', { a: 1 }],
  ])('refuses %s, and says which parameter it is', (_, value) => {
    const error = refusal(() =>
      db.run('INSERT INTO cells (whole, any_value) VALUES (?, ?)', [1, value as never]),
    )

    expect(error).toBeInstanceOf(UnsupportedValueError)
    expect(String(error)).toContain('Parameter 2 is')
  })
})

describe('rows', () => {
  it('come as arrays in the order of the select list, two columns of one name included', () => {
    expect(db.values('SELECT 1 AS id, 2 AS id')).toEqual([[1, 2]])
  })

  it('come as objects by name', () => {
    expect(db.all('SELECT 1 AS a, NULL AS b')).toEqual([{ a: 1, b: null }])
  })

  it('are none where nothing is found: undefined for one, an empty array for all', () => {
    expect(db.get('SELECT id FROM cells')).toBeUndefined()
    expect(db.all('SELECT id FROM cells')).toEqual([])
    expect(db.values('SELECT id FROM cells')).toEqual([])
  })

  it('are none for a statement that only writes', () => {
    expect(db.all('INSERT INTO parents DEFAULT VALUES')).toEqual([])
    expect(db.get('SELECT COUNT(*) AS n FROM parents')).toEqual({ n: 1 })
  })

  it('are counted by run, with the key of the last one', () => {
    expect(db.run('INSERT INTO parents (id) VALUES (4), (5)')).toEqual({
      changes: 2,
      lastInsertId: 5,
    })
    expect(db.run('DELETE FROM parents WHERE id = 9')).toMatchObject({ changes: 0 })
    expect(db.run('UPDATE parents SET id = id + 10 RETURNING id')).toMatchObject({ changes: 2 })
  })
})

describe('errors', () => {
  it('name the column of a unique value that is taken', () => {
    db.run(`INSERT INTO cells (text_value) VALUES ('a')`)

    const error = refusal(() => db.run('INSERT INTO cells (text_value) VALUES (?)', ['a']))

    expect(error).toBeInstanceOf(UniqueViolation)
    expect(error).toMatchObject({
      columns: ['cells.text_value'],
      parameters: ['a'],
      sql: 'INSERT INTO cells (text_value) VALUES (?)',
    })
    expect((error as Error).cause).toBeInstanceOf(Database.SqliteError)
  })

  it('treat a primary key that is taken as a unique value', () => {
    db.run('INSERT INTO parents (id) VALUES (1)')

    expect(refusal(() => db.run('INSERT INTO parents (id) VALUES (1)'))).toBeInstanceOf(
      UniqueViolation,
    )
  })

  it('enforce foreign keys', () => {
    db.run('INSERT INTO parents (id) VALUES (1)')
    db.run('INSERT INTO cells (parent_id) VALUES (1)')
    const errors = [
      refusal(() => db.run('INSERT INTO cells (parent_id) VALUES (7)')),
      refusal(() => db.run('DELETE FROM parents WHERE id = 1')),
    ]

    for (const error of errors) {
      expect(error).toBeInstanceOf(ForeignKeyViolation)
      expect(String(error)).toContain('A foreign key would point to a row that is not there.')
    }
  })

  it('name the column that may not be NULL', () => {
    const error = refusal(() => db.run('INSERT INTO cells (needed) VALUES (NULL)'))

    expect(error).toBeInstanceOf(NotNullViolation)
    expect(error).toMatchObject({ column: 'cells.needed' })
  })

  it('tell a CHECK constraint', () => {
    const error = refusal(() => db.run('INSERT INTO cells (positive) VALUES (0)'))

    expect(error).toBeInstanceOf(CheckViolation)
    expect(String(error)).toMatch(/said: .*positive[\s\S]*Behind "said" stands the constraint/)
  })

  it('show the statement, the parameters and what the database said', () => {
    const error = refusal(() => db.all('SELECT nope FROM cells WHERE id = ?', [1]))

    expect(error).toBeInstanceOf(DatabaseError)
    expect(String(error)).toContain('SELECT nope FROM cells WHERE id = ?')
    expect(String(error)).toContain('parameters: 1')
    expect(String(error)).toContain('no such column: nope')
  })

  it('cut what nobody can read, and carry it whole', () => {
    const values = Array.from({ length: 3000 }, (_, i) => i)
    const sql = `SELECT nope WHERE 1 IN (${values.map(() => '?').join(', ')})`
    const error = refusal(() => db.all(sql, values))

    expect(String(error).length).toBeLessThan(3000)
    expect(String(error)).toContain(`(${sql.length} characters)`)
    expect(String(error)).toContain('48, 49, … (3000 in all)')
    expect(error).toMatchObject({ sql, parameters: values })
  })

  it('say that a connection is closed', () => {
    db.close()

    expect(refusal(() => db.all('SELECT 1'))).toBeInstanceOf(ConnectionClosedError)
    expect(() => db.close()).not.toThrow()
  })

  it('say that a file cannot be opened', () => {
    expect(
      String(refusal(() => openSqlite(join(tmpdir(), 'no', 'such', 'folder', 'x.db')))),
    ).toContain('no')
  })

  it('say that another connection holds the lock', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orm-workbook-'))
    const [one, other] = [
      openSqlite(join(folder, 'a.db'), { busyTimeout: 10 }),
      openSqlite(join(folder, 'a.db'), { busyTimeout: 10 }),
    ]
    one.exec('CREATE TABLE t (id INTEGER); BEGIN IMMEDIATE')

    const error = refusal(() => other.exec('BEGIN IMMEDIATE'))
    one.close()
    other.close()
    rmSync(folder, { recursive: true })

    expect(error).toBeInstanceOf(BusyError)
  })
})

it('prepares a statement once, however often it is sent', () => {
  const connection = openSqlite()
  const ask = (key: number) => connection.values('SELECT ? + 1', [key])
  ask(1)
  const { prepared } = connection
  for (let key = 2; key < 10; key++) ask(key)
  expect(connection.prepared).toBe(prepared)
  connection.values('SELECT 1')

  expect(connection.prepared).toBe(prepared + 1)
  connection.close()
})

describe('the dialect', () => {
  it('leaves plain names bare and quotes the others', () => {
    expect(
      ['user_id', 'order', 'userId', 'a"b', 'two words', '1st'].map(sqlite.quoteIdentifier),
    ).toEqual(['user_id', '"order"', '"userId"', '"a""b"', '"two words"', '"1st"'])
  })

  it('refuses names that no database takes', () => {
    expect(() => sqlite.quoteIdentifier('')).toThrow(TypeError)
    expect(() => sqlite.quoteIdentifier('a\0b')).toThrow(TypeError)
  })

  it('quotes every keyword that SQLite itself knows', () => {
    const words = sqliteKeywords()
    expect(words.length).toBeGreaterThan(100)

    for (const word of words) {
      const name = sqlite.quoteIdentifier(word)
      db.exec(
        `CREATE TABLE ${name} (${name} INTEGER); SELECT ${name} FROM ${name} WHERE ${name} = 1; DROP TABLE ${name}`,
      )
    }
  })

  it('knows how many parameters a statement may have', () => {
    const marks = (n: number) => Array.from({ length: n }, () => '?').join(', ')
    const ask = (n: number) =>
      db.values(
        `SELECT 1 WHERE 1 IN (${marks(n)})`,
        Array.from({ length: n }, () => 1),
      )

    expect(ask(sqlite.maxParameters)).toEqual([[1]])
    expect(refusal(() => ask(sqlite.maxParameters + 1))).toBeInstanceOf(DatabaseError)
  })
})

/** The words from SQLite's own parser. */
function sqliteKeywords(): string[] {
  const library = koffi.load(findSqliteLibrary())
  const count = library.func('int sqlite3_keyword_count()')
  const name = library.func('int sqlite3_keyword_name(int, _Out_ const char **, _Out_ int *)')
  return Array.from({ length: count() }, (_, i) => {
    const word: [string | null] = [null]
    const length: [number] = [0]
    name(i, word, length)
    return word[0]!.slice(0, length[0]).toLowerCase()
  })
}
