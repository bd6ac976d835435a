import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AsyncDatabase } from './async-driver.ts'
import { recordAsync } from './async-recorder.ts'
import type { Value } from './driver.ts'
import { type PostgresServer, startPostgres } from './embedded-postgres.ts'
import { ConnectionClosedError } from './errors.ts'
import { clientOf, openPostgres } from './postgres.ts'
import { copyFrom } from './postgres-copy.ts'
import { openSqliteAsync } from './sqlite-async.ts'

let server: PostgresServer
let database: AsyncDatabase
beforeAll(async () => {
  server = await startPostgres()
}, 120_000)
afterAll(() => server?.stop())

beforeEach(async () => {
  database = openPostgres(server.url, { max: 2 })
  await database.run('DROP TABLE IF EXISTS copied')
  await database.run(
    'CREATE TABLE copied (id INTEGER PRIMARY KEY, text TEXT, big BIGINT, bytes BYTEA, yes BOOLEAN, price FLOAT8)',
  )
})
afterEach(() => database?.close())

const copy = async (rows: Parameters<typeof copyFrom>[2], columns = '(id, text)') => {
  await using connection = await database.connect()
  return await copyFrom(clientOf(connection), `copied ${columns}`, rows)
}
const stored = () => database.values('SELECT * FROM copied ORDER BY id')

describe('COPY', () => {
  it('stores rows, whatever is in them', async () => {
    const odd = [
      'tab\there',
      'line\nbreak',
      'return\r',
      'back\\slash',
      '\\N',
      '\\.',
      '',
      'ü€😀',
      "'",
    ]
    expect(await copy(odd.map((text, id) => [id, text]))).toBe(odd.length)
    expect((await stored()).map(([, text]) => text)).toEqual(odd)
  })

  it('stores values of every kind', async () => {
    const row: Value[] = [1, null, 9007199254740993n, Uint8Array.of(0, 92, 255), true as never, 1.5]
    await copy([row], '')
    expect(await stored()).toEqual([row])
  })

  it('stores nothing when there is nothing', async () => {
    expect(await copy([])).toBe(0)
    expect(await stored()).toEqual([])
  })

  it('takes rows as they come, and no faster than the server', async () => {
    async function* rows() {
      for (let id = 0; id < 50_000; id++) yield [id, 'x'.repeat(100)]
    }
    expect(await copy(rows())).toBe(50_000)
  })

  it('stores none when one is refused, and says which', async () => {
    const error = await copy([
      [1, 'a'],
      [1, 'b'],
    ]).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: '23505', where: expect.stringContaining('line 2') })
    expect(await stored()).toEqual([])
  })

  it('stops asking for rows when one was refused', async () => {
    let asked = 0
    async function* rows() {
      for (; asked < 10_000_000; asked++) yield [1, 'x'.repeat(1000)]
    }
    await expect(copy(rows())).rejects.toThrow(/duplicate key/)
    const then = asked
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([asked < 10_000_000, asked]).toEqual([true, then])
  })

  it('stores none when the rows fail, and throws what they threw', async () => {
    async function* rows() {
      yield [1, 'a']
      throw new Error('the file has ended')
    }
    await expect(copy(rows())).rejects.toThrow('the file has ended')
    expect(await stored()).toEqual([])
  })

  it('is part of the transaction that it stands in', async () => {
    await using connection = await database.connect()
    await connection.run('BEGIN')
    await copyFrom(clientOf(connection), 'copied (id)', [[1], [2]])
    expect(await connection.values('SELECT count(*) FROM copied')).toEqual([[2]])
    await connection.run('ROLLBACK')
    expect(await stored()).toEqual([])
  })

  it('leaves the connection to others after an error', async () => {
    await using connection = await database.connect()
    await copyFrom(clientOf(connection), 'nowhere', [[1]]).catch(() => {})
    expect(await connection.values('SELECT 1')).toEqual([[1]])
  })
})

describe('the client of pg', () => {
  it('hears what others notify', async () => {
    await using connection = await database.connect()
    const client = clientOf(connection)
    const heard = new Promise((resolve) => client.on('notification', resolve))
    await client.query('LISTEN posts')
    await database.run("SELECT pg_notify('posts', $1)", ['Alice has written'])
    expect(await heard).toMatchObject({ channel: 'posts', payload: 'Alice has written' })
  })

  it('is closed with its connection: nobody else gets what was set on it', async () => {
    const pid = async () => {
      await using connection = await database.connect()
      return [(await connection.values('SELECT pg_backend_pid()'))[0]![0], connection] as const
    }
    {
      await using connection = await database.connect()
      const client = clientOf(connection)
      await client.query('SET search_path TO nowhere')
    }
    const [before] = await pid()
    expect(await database.values('SHOW search_path')).not.toEqual([['nowhere']])
    expect((await pid())[0]).toBe(before)
  })

  it('is there behind a recorder too', async () => {
    await using connection = await recordAsync(database).connect()
    expect((await clientOf(connection).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })

  it('is gone when the connection was given back', async () => {
    const connection = await database.connect()
    await connection.release()
    expect(() => clientOf(connection)).toThrow(ConnectionClosedError)
  })

  it('is not behind SQLite', async () => {
    await using sqlite = openSqliteAsync()
    await using connection = await sqlite.connect()
    expect(() => clientOf(connection)).toThrow(/no client of pg .* speaks sqlite/)
  })
})
