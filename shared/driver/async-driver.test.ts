import { execFile } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AsyncDatabase, Leak, PoolOptions } from './async-driver.ts'
import { type PostgresServer, startPostgres } from './embedded-postgres.ts'
import {
  CheckViolation,
  ConnectionClosedError,
  ConnectionLostError,
  DatabaseError,
  DataError,
  DeadlockError,
  ForeignKeyViolation,
  NotNullViolation,
  PoolClosedError,
  PoolTimeoutError,
  SerializationFailure,
  TimeoutError,
  UniqueViolation,
} from './errors.ts'
import { openPostgres } from './postgres.ts'
import { openSqliteAsync } from './sqlite-async.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 120_000)
afterAll(() => server?.stop())

/** For what comes soon, on a busy machine a little later. */
const patience = { timeout: 60_000 }

const schema = `
  CREATE TABLE parents (id INTEGER PRIMARY KEY, email TEXT NOT NULL CONSTRAINT uq_email UNIQUE, age INTEGER CHECK (age >= 0));
  CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parents (id));
  INSERT INTO parents VALUES (1, 'alice@example.com', 30);
`

const databases = [
  { name: 'SQLite', open: (options?: PoolOptions) => openSqliteAsync(':memory:', options) },
  { name: 'PostgreSQL', open: (options?: PoolOptions) => openPostgres(server.url, options) },
]

describe.each(databases)('an asynchronous connection to $name', ({ name, open }) => {
  let database: AsyncDatabase
  const mark = name === 'SQLite' ? '?' : '$1'
  const big = name === 'SQLite' ? '9007199254740993' : '9007199254740993::int8'

  beforeEach(async () => {
    database = open()
    await using connection = await database.connect()
    await connection.exec(`DROP TABLE IF EXISTS children; DROP TABLE IF EXISTS parents; ${schema}`)
  })
  afterEach(() => database.close())

  it('asks, and runs', async () => {
    await using connection = await database.connect()

    expect(await connection.all('SELECT id, email FROM parents')).toEqual([
      { id: 1, email: 'alice@example.com' },
    ])
    expect(await connection.get(`SELECT id FROM parents WHERE id = ${mark}`, [2])).toBeUndefined()
    expect(await connection.values('SELECT id, id FROM parents')).toEqual([[1, 1]])
    expect(await connection.run('UPDATE parents SET age = 31')).toMatchObject({ changes: 1 })
  })

  describe('one statement with many lists of parameters', () => {
    const marks = name === 'SQLite' ? '?, ?, ?' : '$1, $2, $3'
    const insert = `INSERT INTO parents VALUES (${marks})`

    it('runs once for each of them, in their order', async () => {
      await using connection = await database.connect()
      const sql = `UPDATE parents SET age = age + 1 WHERE id = ${mark}`
      const results = await connection.runMany(sql, [[1], [2], [1]])

      expect(results.map(({ changes }) => changes)).toEqual([1, 0, 1])
      expect(await connection.values('SELECT age FROM parents')).toEqual([[32]])
      expect(await connection.runMany(sql, [])).toEqual([])
    })

    it('says what was done before one of them failed', async () => {
      await using connection = await database.connect()
      await connection.run('BEGIN')
      const rows = ['b', 'c', 'alice', 'd'].map((who, i) => [i + 2, `${who}@example.com`, 1])
      const failure = await connection.runMany(insert, rows).catch((error: unknown) => error)
      await connection.run('ROLLBACK')

      expect(failure).toBeInstanceOf(UniqueViolation)
      expect(failure).toMatchObject({
        parameters: [4, 'alice@example.com', 1],
        before: [{ changes: 1 }, { changes: 1 }],
      })
      expect(await connection.values('SELECT id FROM parents')).toEqual([[1]])
    })
  })

  it('sends one statement by itself, and waits for who is in a transaction', async () => {
    expect(await database.values('SELECT id FROM parents')).toEqual([[1]])
    const other = await database.connect()
    await other.run('BEGIN')
    await other.run('UPDATE parents SET age = 99')
    const read = database.values('SELECT age FROM parents')
    await other.run('ROLLBACK')
    await other.release()

    expect(await read).toEqual([[30]])
    expect(await database.run('UPDATE parents SET age = 31')).toMatchObject({ changes: 1 })
    expect(database.usage.holders).toEqual([])
  })

  it('keeps the digits of large numbers, and reads small ones as numbers', async () => {
    await using connection = await database.connect()

    expect(await connection.values(`SELECT ${big}, COUNT(*) FROM parents`)).toEqual([
      [9007199254740993n, 1],
    ])
  })

  it.each([
    [UniqueViolation, "INSERT INTO parents VALUES (2, 'alice@example.com', 1)"],
    [ForeignKeyViolation, 'INSERT INTO children VALUES (1, 7)'],
    [NotNullViolation, 'INSERT INTO parents VALUES (2, NULL, 1)'],
    [CheckViolation, "INSERT INTO parents VALUES (2, 'b@example.com', -1)"],
    [DatabaseError, 'SELECT nothing FROM nowhere'],
  ])('names its errors: %o', async (type, sql) => {
    await using connection = await database.connect()

    await expect(connection.run(sql)).rejects.toThrow(type)
  })

  it('names the columns of a unique violation and of a missing value', async () => {
    await using connection = await database.connect()

    await expect(
      connection.run("INSERT INTO parents VALUES (2, 'alice@example.com', 1)"),
    ).rejects.toMatchObject({ columns: ['parents.email'] })
    await expect(connection.run('INSERT INTO parents VALUES (2, NULL, 1)')).rejects.toMatchObject({
      column: 'parents.email',
    })
  })

  it('streams rows in parts', async () => {
    await using connection = await database.connect()
    const numbers =
      name === 'SQLite'
        ? 'WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2500) SELECT n FROM n'
        : 'SELECT generate_series(1, 2500)'

    const parts: number[] = []
    let sum = 0
    for await (const rows of connection.stream(numbers, [], 1000)) {
      parts.push(rows.length)
      for (const [n] of rows) sum += n as number
    }

    expect(parts).toEqual([1000, 1000, 500])
    expect(sum).toBe((2500 * 2501) / 2)
  })

  it('can be used after a stream that was left early', async () => {
    await using connection = await database.connect()

    for await (const _ of connection.stream('SELECT id FROM parents', [], 1)) break

    expect(await connection.run('UPDATE parents SET age = 31')).toMatchObject({ changes: 1 })
  })

  it('names the error of a row in the middle of a stream', async () => {
    await using connection = await database.connect()
    await connection.run("INSERT INTO parents VALUES (2, 'b@example.com', 0)")
    const divided = name === 'SQLite' ? 'abs(-9223372036854775807 - 1 + age)' : '1 / age'
    const read = async () => {
      for await (const _ of connection.stream(`SELECT ${divided} FROM parents ORDER BY id`, [], 1));
    }

    await expect(read()).rejects.toThrow(DatabaseError)
  })

  it('does not give an open transaction to the next one', async () => {
    const first = await database.connect()
    await first.run('BEGIN')
    await first.run('UPDATE parents SET age = 99')
    await first.release()

    await using second = await database.connect()
    expect(await second.get('SELECT age FROM parents')).toEqual({ age: 30 })
    await second.run('BEGIN')
    await second.run('ROLLBACK')
  })

  it('refuses what comes after release, and allows to release twice', async () => {
    const connection = await database.connect()
    await connection.release()
    await connection.release()

    await expect(connection.all('SELECT 1')).rejects.toThrow(ConnectionClosedError)
    expect(database.usage.holders).toEqual([])
  })

  it('stops before a statement when the program says so', async () => {
    const control = new AbortController()
    await using connection = await database.connect({ signal: control.signal })
    control.abort(new Error('not needed any more'))

    await expect(connection.all('SELECT 1')).rejects.toThrow('not needed any more')
  })

  it('lends nothing after close', async () => {
    await database.close()

    await expect(database.connect()).rejects.toThrow(PoolClosedError)
  })
})

describe.each(databases)('the pool of $name', ({ name, open }) => {
  let database: AsyncDatabase
  const leaks: Leak[] = []
  const size = name === 'SQLite' ? 1 : 2

  beforeEach(() => {
    leaks.length = 0
    database = open({ max: 2, onLeak: (leak) => leaks.push(leak) })
  })
  afterEach(() => database.close())

  const takeAll = () => Promise.all(Array.from({ length: size }, () => database.connect()))

  it('names who has the connections when none comes back in time', async () => {
    const impatient = open({ max: size, acquireTimeout: 50 })
    const held = await Promise.all(Array.from({ length: size }, () => impatient.connect()))

    const error = await impatient.connect().catch((refused: unknown) => refused)

    expect(error).toBeInstanceOf(PoolTimeoutError)
    expect((error as Error).message).toContain(`${size} of ${size} are in use`)
    expect((error as Error).message).toContain('async-driver.test.ts')
    for (const connection of held) await connection.release()
    await impatient.close()
  })

  it('serves those who wait in the order in which they came', async () => {
    const held = await takeAll()
    const order: number[] = []
    const waiting = [1, 2, 3].map(async (number) => {
      await using _ = await database.connect()
      order.push(number)
    })
    expect(database.usage.waiting).toBe(3)
    for (const connection of held) await connection.release()
    await Promise.all(waiting)

    expect(order).toEqual([1, 2, 3])
    expect(database.usage).toMatchObject({ holders: [], waiting: 0 })
  })

  it('never lends more than it has', async () => {
    const held = await takeAll()
    let used = held.length
    let most = used
    const others = Array.from({ length: 20 }, async () => {
      await using connection = await database.connect()
      most = Math.max(most, ++used)
      await connection.all('SELECT 1')
      used -= 1
    })
    for (const connection of held) {
      used -= 1
      await connection.release()
    }
    await Promise.all(others)

    expect([most, used]).toEqual([size, 0])
  })

  it('lets somebody stop waiting', async () => {
    const held = await takeAll()
    const control = new AbortController()
    const waiting = database.connect({ signal: control.signal })
    control.abort(new Error('gone'))

    await expect(waiting).rejects.toThrow('gone')
    expect(database.usage.waiting).toBe(0)
    for (const connection of held) await connection.release()
  })

  it('waits at close for those who still work', async () => {
    const connection = await database.connect()
    let isClosed = false
    const closing = database.close().then(() => {
      isClosed = true
    })
    await wait(10)
    expect(isClosed).toBe(false)
    await connection.all('SELECT 1')
    await connection.release()
    await closing
    expect(isClosed).toBe(true)
  })

  it('tells of a connection that is kept too long', async () => {
    const patient = open({ max: 2, leakAfter: 20, onLeak: (leak) => leaks.push(leak) })
    const connection = await patient.connect()
    await vi.waitFor(() => expect(leaks).toHaveLength(1), patience)
    await connection.release()
    await patient.close()

    expect(leaks[0]).toMatchObject({ kind: 'held' })
    expect(leaks[0]?.callSite).toContain('async-driver.test.ts')
  })
})

describe.each([
  { name: 'SQLite', from: 'sqlite-async', open: () => `openSqliteAsync(':memory:', options)` },
  { name: 'PostgreSQL', from: 'postgres', open: () => `openPostgres('${server.url}', options)` },
])('a connection to $name that nobody gives back', ({ from, open }) => {
  it('is taken back when its user is collected, and named', async () => {
    const program = `
      import * as driver from './shared/driver/${from}.ts'
      const options = { onLeak: (leak) => console.log(leak.kind, leak.callSite) }
      const database = driver.${open()}
      await (async function forgetful() { await database.connect() })()
      for (let i = 0; i < 50 && database.usage.holders.length > 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        globalThis.gc()
      }
      console.log(database.usage.holders.length)
      process.exit()
    `
    const flags = ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', program]
    const { stdout } = await promisify(execFile)(process.execPath, flags)

    expect(stdout).toMatch(/^lost forgetful/)
    expect(stdout.trim().endsWith('0')).toBe(true)
  })
})

describe('PostgreSQL alone', () => {
  let database: AsyncDatabase
  beforeEach(async () => {
    database = openPostgres(server.url, { max: 4 })
    await using connection = await database.connect()
    await connection.exec(`DROP TABLE IF EXISTS children; DROP TABLE IF EXISTS parents; ${schema}
      INSERT INTO parents VALUES (2, 'bob@example.com', 25)`)
  })
  afterEach(() => database.close())

  const running = async (sql: string) => {
    await using connection = await database.connect()
    const found = await connection.get(
      "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query = $1",
      [sql],
    )
    return found?.n
  }

  it.each([
    ['SELECT 1 WHERE 2147483648 = $1::int', '2147483648'],
    ['SELECT 1 WHERE now() > $1::timestamptz', '2026-02-31'],
    ['SELECT $1::text', 'a\0b'],
    ['SELECT 1 / $1::int', 0],
  ])('names a value that cannot be: %s of %j', async (sql, value) => {
    await using connection = await database.connect()

    await expect(connection.all(sql, [value])).rejects.toThrow(DataError)
  })

  it('says what is sent where a statement has a connection for itself', async () => {
    const sql = 'SELECT pg_sleep(60), 4'
    const control = new AbortController()
    const busy = openPostgres(server.url, { max: 1, acquireTimeout: 50 })
    const sleeping = busy.values(sql, [], { signal: control.signal }).catch(() => 'stopped')
    const error = await busy.connect().catch((refused: unknown) => refused)
    control.abort()

    expect(error).toBeInstanceOf(PoolTimeoutError)
    expect(String(error)).toContain(sql)
    expect(await sleeping).toBe('stopped')
    await busy.close()
  })

  it('stops a statement on the server when its time is over', async () => {
    const sql = 'SELECT pg_sleep(60), 1'
    const connection = await database.connect({ statementTimeout: 100 })

    await expect(connection.all(sql)).rejects.toThrow(TimeoutError)
    await vi.waitFor(async () => expect(await running(sql)).toBe(0), patience)
    await connection.release()
  })

  it('stops a statement on the server when the program says so', async () => {
    const sql = 'SELECT pg_sleep(60), 2'
    const control = new AbortController()
    const connection = await database.connect({ signal: control.signal })
    const failure = connection.all(sql).catch((error: unknown) => error)
    await vi.waitFor(async () => expect(await running(sql)).toBe(1), patience)
    control.abort(new Error('the client hung up'))

    expect(await failure).toMatchObject({ message: 'the client hung up' })
    await vi.waitFor(async () => expect(await running(sql)).toBe(0), patience)
    await connection.release()
  })

  it('stops those that were sent behind it as well', async () => {
    const sql = 'SELECT pg_sleep($1), 3'
    const control = new AbortController()
    const connection = await database.connect({ signal: control.signal })
    await connection.run('BEGIN')
    const lists = [[0], [60], [60]]
    const failure = connection.runMany(sql, lists).catch((error: unknown) => error)
    await vi.waitFor(async () => expect(await running(sql)).toBe(1), patience)
    control.abort(new Error('the client hung up'))

    expect(await failure).toMatchObject({ message: 'the client hung up' })
    await connection.release()
  })

  it('leaves no cursor behind when a stream inside a transaction is left early', async () => {
    await using connection = await database.connect()
    await connection.run('BEGIN')
    for await (const _ of connection.stream('SELECT id FROM parents', [], 1)) break

    expect(await connection.values('SELECT name FROM pg_cursors')).toEqual([])
    await connection.run('COMMIT')
  })

  it('throws a broken connection away', async () => {
    const connection = await database.connect()
    const before = await connection.get('SELECT pg_backend_pid() AS pid')
    await using other = await database.connect()
    await other.run('SELECT pg_terminate_backend($1)', [before?.pid as number])

    await expect(connection.all('SELECT 1')).rejects.toThrow(ConnectionLostError)
    // From now on `pg` itself refuses, without a code.
    await expect(connection.all('SELECT 1')).rejects.toThrow(ConnectionLostError)
    await connection.release()
    await using fresh = await database.connect()
    expect((await fresh.get('SELECT pg_backend_pid() AS pid'))?.pid).not.toBe(before?.pid)
  })

  it('throws away a connection whose ROLLBACK was lost', async () => {
    const connection = await database.connect()
    const before = await connection.get('SELECT pg_backend_pid() AS pid')
    await connection.run('BEGIN')
    await expect(connection.run('SELECT 1 / 0')).rejects.toThrow(DatabaseError)
    await connection.release()

    await using next = await database.connect()
    expect(await next.get('SELECT 1 AS one')).toEqual({ one: 1 })
    expect((await next.get('SELECT pg_backend_pid() AS pid'))?.pid).not.toBe(before?.pid)
  })

  it('names serialization failures', async () => {
    await using one = await database.connect()
    await using two = await database.connect()
    for (const connection of [one, two]) {
      await connection.run('BEGIN ISOLATION LEVEL SERIALIZABLE')
      await connection.run('SELECT SUM(age) FROM parents')
    }
    await one.run('UPDATE parents SET age = 1 WHERE id = 1')
    await one.run('COMMIT')

    await expect(two.run('UPDATE parents SET age = 2 WHERE id = 1')).rejects.toThrow(
      SerializationFailure,
    )
    await two.run('ROLLBACK')
  })

  it('names deadlocks', async () => {
    await using one = await database.connect()
    await using two = await database.connect()
    await one.run('BEGIN')
    await two.run('BEGIN')
    await one.run('UPDATE parents SET age = 1 WHERE id = 1')
    await two.run('UPDATE parents SET age = 1 WHERE id = 2')
    const crossed = await Promise.allSettled([
      one.run('UPDATE parents SET age = 1 WHERE id = 2'),
      two.run('UPDATE parents SET age = 1 WHERE id = 1'),
    ])

    const failed = crossed.filter((result) => result.status === 'rejected')
    expect(failed).toHaveLength(1)
    expect(failed[0]?.reason).toBeInstanceOf(DeadlockError)
    await one.run('ROLLBACK')
    await two.run('ROLLBACK')
  })

  it('says that the server cannot be reached', async () => {
    const nowhere = openPostgres('postgresql://postgres@127.0.0.1:1/postgres')

    await expect(nowhere.connect()).rejects.toThrow(ConnectionLostError)
    expect(nowhere.usage.holders).toEqual([])
    await nowhere.close()
  })
})
