import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Connection, Value } from './driver.ts'
import { type PostgresServer, startPostgres } from './embedded-postgres.ts'
import {
  CheckViolation,
  ConnectionClosedError,
  ConnectionLostError,
  DatabaseError,
  ForeignKeyViolation,
  NotNullViolation,
  UniqueViolation,
  UnsupportedValueError,
} from './errors.ts'
import { openPostgresSync } from './postgres-sync.ts'
import { transaction } from './transaction.ts'

let server: PostgresServer
let db: Connection

beforeAll(async () => {
  server = await startPostgres()
  db = openPostgresSync(server.url)
}, 120_000)

afterAll(async () => {
  db?.close()
  await server?.stop()
})

beforeEach(() => {
  db.exec(`DROP SCHEMA IF EXISTS sync CASCADE;
    CREATE SCHEMA sync;
    SET search_path TO sync;
    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER CHECK (age >= 0));
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id));`)
})

const insertUser = (id: number, email: string | null, age: number | null = null) =>
  db.run('INSERT INTO users VALUES ($1, $2, $3)', [id, email, age])

describe('a synchronous connection to PostgreSQL', () => {
  it('answers at once, as objects and as arrays', () => {
    insertUser(1, 'alice@example.com')
    insertUser(2, 'bob@example.com', 30)

    expect(db.all('SELECT id, age FROM users ORDER BY id')).toEqual([
      { id: 1, age: null },
      { id: 2, age: 30 },
    ])
    expect(db.get('SELECT email FROM users WHERE id = $1', [2])).toEqual({
      email: 'bob@example.com',
    })
    expect(db.get('SELECT email FROM users WHERE id = $1', [3])).toBeUndefined()
    expect(db.values('SELECT id, id FROM users ORDER BY id')).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('tells how many rows a statement changed', () => {
    insertUser(1, 'alice@example.com')
    insertUser(2, 'bob@example.com')

    expect(db.run('UPDATE users SET age = 1').changes).toBe(2)
    expect(db.run('DELETE FROM users WHERE id > $1', [5]).changes).toBe(0)
  })

  it.each<[string, Value, Value]>([
    ['BOOLEAN', true, true],
    ['INTEGER', -5, -5],
    ['BIGINT', 12, 12],
    ['BIGINT', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['DOUBLE PRECISION', 0.1, 0.1],
    ['NUMERIC', '0.10', '0.10'],
    ['TEXT', "O'Malley ✓", "O'Malley ✓"],
    ['TEXT', '', ''],
    ['BYTEA', Uint8Array.of(0, 92, 255), Uint8Array.of(0, 92, 255)],
    ['JSONB', '{"a": 1}', '{"a": 1}'],
    ['INTEGER', null, null],
  ])('sends and reads %s %s', (type, value, read) => {
    expect(db.values(`SELECT CAST($1 AS ${type})`, [value])).toEqual([[read]])
  })

  it('reads a large result', () => {
    expect(db.all('SELECT n FROM generate_series(1, 20000) AS n')).toHaveLength(20_000)
  })

  it('refuses what no column can hold, and works on', () => {
    expect(() => db.all('SELECT $1', [undefined as never])).toThrow(UnsupportedValueError)
    expect(() => db.all('SELECT $1', [new Date(0) as never])).toThrow(UnsupportedValueError)
    expect(db.values('SELECT 1')).toEqual([[1]])
  })

  it.each<[string, () => unknown, new (...args: never[]) => Error]>([
    ['unique', () => insertUser(2, 'alice@example.com'), UniqueViolation],
    ['not null', () => insertUser(2, null), NotNullViolation],
    ['check', () => insertUser(2, 'bob@example.com', -1), CheckViolation],
    ['foreign key', () => db.run('INSERT INTO posts VALUES (1, 9)'), ForeignKeyViolation],
    ['a slip in the SQL', () => db.all('SELEC 1'), DatabaseError],
    ['two statements where one is meant', () => db.run('SELECT 1; SELECT 2'), DatabaseError],
  ])('names an error: %s', (_, send, named) => {
    insertUser(1, 'alice@example.com')

    expect(send).toThrow(named)
    expect(db.values('SELECT 1')).toEqual([[1]])
  })

  it('keeps the statement, the parameters and what the server said', () => {
    insertUser(1, 'alice@example.com')

    expect(() => insertUser(2, 'alice@example.com')).toThrow(
      expect.objectContaining({
        sql: 'INSERT INTO users VALUES ($1, $2, $3)',
        parameters: [2, 'alice@example.com', null],
        columns: ['users.email'],
        cause: expect.objectContaining({ code: '23505', constraint: 'users_email_key' }),
      }),
    )
  })

  it('takes a transaction back', () => {
    const work = () =>
      transaction(db, () => {
        insertUser(1, 'alice@example.com')
        insertUser(2, 'alice@example.com')
      })

    expect(work).toThrow(UniqueViolation)
    expect(db.all('SELECT id FROM users')).toEqual([])
  })

  it('closes twice, and refuses to be used afterwards', () => {
    const own = openPostgresSync(server.url)

    own.close()
    own.close()

    expect(() => own.all('SELECT 1')).toThrow(ConnectionClosedError)
    expect(() => own.exec('SELECT 1')).toThrow(ConnectionClosedError)
  })

  it('says that the server ended the connection', () => {
    const own = openPostgresSync(server.url)
    const [[pid]] = own.values('SELECT pg_backend_pid()') as [[number]]

    db.run('SELECT pg_terminate_backend($1, 5000)', [pid])

    expect(() => own.all('SELECT 1')).toThrow(ConnectionLostError)
    own.close()
  })

  it('says that nobody answers', () => {
    expect(() => openPostgresSync('postgresql://127.0.0.1:1/none')).toThrow(ConnectionLostError)
  })

  it('does not keep a program alive that forgets to close it', () => {
    const module = pathToFileURL('shared/driver/postgres-sync.ts').href
    const program = `import { openPostgresSync } from ${JSON.stringify(module)}
      console.log(openPostgresSync(process.env.URL).values('SELECT 1 + 1'))`

    const printed = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      { env: { ...process.env, URL: server.url }, encoding: 'utf8', timeout: 20_000 },
    )

    expect(printed).toContain('[ [ 2 ] ]')
  })
})
