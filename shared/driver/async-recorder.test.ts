import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RecordedDatabase, recordAsync } from './async-recorder.ts'
import { DatabaseError } from './errors.ts'
import type { Statement } from './recorder.ts'
import { openSqliteAsync } from './sqlite-async.ts'

let database: RecordedDatabase
beforeEach(async () => {
  database = recordAsync(openSqliteAsync())
  await using connection = await database.connect()
  await connection.exec('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
  await connection.run("INSERT INTO users (name) VALUES ('Alice'), ('Bob')")
  database.forget()
})
afterEach(() => database.close())

it('records what is sent on every connection, in its order', async () => {
  for (const name of ['Alice', 'Nobody']) {
    await using connection = await database.connect()
    await connection.all('SELECT id FROM users WHERE name = ?', [name])
  }

  expect(database.statements).toMatchObject([
    { sql: 'SELECT id FROM users WHERE name = ?', parameters: ['Alice'], rows: 1 },
    { sql: 'SELECT id FROM users WHERE name = ?', parameters: ['Nobody'], rows: 0 },
  ])
  expect(database.statements[0]?.callSite).toContain('async-recorder.test.ts')
})

it('records changes, streams and failures', async () => {
  await using connection = await database.connect()
  await connection.run('UPDATE users SET name = UPPER(name)')
  for await (const rows of connection.stream('SELECT id FROM users', [], 1)) rows.length
  await expect(connection.get('SELECT nothing')).rejects.toThrow(DatabaseError)

  expect(database.statements.map(({ rows }) => rows)).toEqual([2, 2, 0])
  expect(database.statements[2]?.error).toBeInstanceOf(DatabaseError)
})

it('records each list of parameters as the statement that it is', async () => {
  await using connection = await database.connect()
  const sql = 'INSERT INTO users (id, name) VALUES (?, ?)'
  const rows = [
    [7, 'Carol'],
    [8, 'Dave'],
    [1, 'Eve'],
    [9, 'Frank'],
  ]
  await expect(connection.runMany(sql, rows)).rejects.toThrow(DatabaseError)
  await connection.runMany('DELETE FROM users WHERE id = ?', [[7], [7]])

  expect(database.statements.map(({ parameters, rows }) => [parameters[0], rows])).toEqual([
    [7, 1],
    [8, 1],
    [1, 0],
    [7, 1],
    [7, 0],
  ])
  const errors = database.statements.map(({ error }) => error instanceof DatabaseError)
  expect(errors).toEqual([false, false, true, false, false])
  expect(database.statements[4]?.callSite).toContain('async-recorder.test.ts')
})

describe('the line that asked', () => {
  const siteOf = async (ask: () => Promise<unknown>) => {
    database.forget()
    await ask()
    return database.statements[0]?.callSite
  }
  const ask = () => database.values('SELECT 1')

  it('is found behind an await', async () => {
    async function behindAnAwait() {
      await Promise.resolve()
      await ask()
    }
    expect(await siteOf(behindAnAwait)).toMatch(/^(ask|behindAnAwait) .*async-recorder\.test\.ts/)
  })

  it('is found where a connection had to be waited for', async () => {
    const first = await database.connect()
    const waiting = (async function waits() {
      await using connection = await database.connect()
      await connection.values('SELECT 1')
    })()
    await first.release()

    expect(await siteOf(() => waiting)).toMatch(/^waits .*async-recorder\.test\.ts/)
  })
})

describe('what is remembered', () => {
  const asks = async (recorded: RecordedDatabase, times: number) => {
    for (let i = 1; i <= times; i++) await recorded.values('SELECT ?', [i])
  }

  it('is everything, when nothing else is said', async () => {
    await asks(database, 1000)
    expect(database.statements).toHaveLength(1000)
  })

  it('may be the last ones only; all are counted', async () => {
    const recorded = recordAsync(database, { keep: 3 })
    await asks(recorded, 10)

    expect(recorded.statements.map(({ parameters }) => parameters)).toEqual([[8], [9], [10]])
    expect(recorded.sent).toBe(10)
    expect(recorded.statements[0]?.callSite).toContain('async-recorder.test.ts')
  })

  it('may be nothing: then they are counted and heard, and know no line', async () => {
    const heard: Statement[] = []
    const recorded = recordAsync(database, {
      keep: 0,
      listener: (statement) => heard.push(statement),
    })
    await asks(recorded, 2)

    expect(recorded.statements).toEqual([])
    expect(recorded.sent).toBe(2)
    expect(heard.map(({ parameters, rows }) => [parameters, rows])).toEqual([
      [[1], 1],
      [[2], 1],
    ])
    expect(heard[0]?.callSite).toBeUndefined()
  })

  it('is forgotten on demand, and the count goes on', async () => {
    await asks(database, 2)
    const { sent } = database
    database.forget()
    await asks(database, 1)

    expect(database.statements).toHaveLength(1)
    expect(database.sent).toBe(sent + 1)
  })
})
