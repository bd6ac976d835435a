import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addSampleData, createApp, migrateBlog, serve } from '#stage/10-blog-app'
import { secret } from '../../../10-blog-app/tests/client.ts'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { type PostgresServer, startOwnPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { until } from './blog-process.ts'
import { ask } from './writers.ts'

// Clients that go, and more of them than there are connections: on a real server, and a real PostgreSQL.

let postgres: PostgresServer
/** For the test itself: it locks, and looks. */
let other: AsyncDatabase

beforeAll(async () => {
  postgres = await startOwnPostgres()
  other = openPostgres(postgres.url)
  await migrateBlog(other)
  await addSampleData(other)
}, 120_000)

afterAll(async () => {
  await other?.close()
  await postgres?.stop()
})

let database: AsyncDatabase
let server: Awaited<ReturnType<typeof serve>>

beforeEach(async () => {
  database = openPostgres(postgres.url, { max: 2, acquireTimeout: 100 })
  server = await serve(createApp({ database, secret }), 0)
})
afterEach(async () => {
  await server.drain(0)
  await database.close()
})

/** Nobody else reads or writes posts until it is given back. */
async function lockPosts() {
  const connection = await other.connect()
  await connection.run('BEGIN')
  await connection.run('LOCK TABLE posts IN ACCESS EXCLUSIVE MODE')
  return connection
}

/** Statements that wait for a lock. */
async function waiting(): Promise<number> {
  const [[count]] = (await other.values(
    "SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event_type = 'Lock'",
  )) as [[unknown]]
  return Number(count)
}

describe('a client hangs up in the middle of a statement', { timeout: 120_000 }, () => {
  it.each([
    ['reads', 'GET', undefined],
    ['writes', 'POST', JSON.stringify({ title: 'Given up', user_id: 1 })],
  ] as const)(
    'and %s no longer: the statement is stopped on the server, and the connection is free',
    async (_, method, body) => {
      const lock = await lockPosts()
      const client = request(`${server.url}/posts/`, { method }).on('error', () => {})
      client.end(body)
      await until('its statement waits for the lock', async () => (await waiting()) === 1)
      expect(database.usage.holders).toHaveLength(1)

      client.destroy()
      // The lock is still held: nothing but a cancellation can end that statement.
      await until('its statement is stopped', async () => (await waiting()) === 0)
      await until('its connection is back', () => database.usage.holders.length === 0)
      await lock.run('ROLLBACK')
      await lock.release()

      const { status, json } = await ask(`${server.url}/posts/`)
      expect([status, json.length]).toEqual([200, 2])
    },
  )
})

describe('more clients than connections', { timeout: 120_000 }, () => {
  it('are answered with 503 in time, and told when to come again; then all is well', async () => {
    const lock = await lockPosts()
    const first = [1, 2].map(() => ask(`${server.url}/posts/`))
    await until('two have the two connections', async () => (await waiting()) === 2)

    const late = await Promise.all([1, 2, 3, 4, 5].map(() => ask(`${server.url}/posts/`)))
    for (const { status, headers, json } of late) {
      expect([status, headers.get('retry-after')]).toEqual([503, '1'])
      expect(json).toEqual({ errors: { body: ['the database is busy: try again in a moment'] } })
    }
    // Those who were in time are not hurt.
    await lock.run('ROLLBACK')
    await lock.release()
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200])
    expect((await ask(`${server.url}/posts/`)).status).toBe(200)
    expect(database.usage).toMatchObject({ holders: [], waiting: 0 })
  })

  it('wait their turn, when they may wait for long enough', async () => {
    await using patient = openPostgres(postgres.url, { max: 2, acquireTimeout: 60_000 })
    const { url, drain } = await serve(createApp({ database: patient, secret }), 0)
    const many = await Promise.all(Array.from({ length: 20 }, () => ask(`${url}/users/1`)))
    expect(many.map(({ status }) => status)).toEqual(many.map(() => 200))
    await drain(0)
  })
})
