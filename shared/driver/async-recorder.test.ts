import { afterEach, beforeEach, expect, it } from 'vitest'
import { type RecordedDatabase, recordAsync } from './async-recorder.ts'
import { DatabaseError } from './errors.ts'
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
