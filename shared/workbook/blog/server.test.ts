import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { createApp, migrateBlog, ServeError, serve } from '#stage/10-blog-app'
import { secret } from '../../../10-blog-app/tests/client.ts'

describe('the server', () => {
  let database: AsyncDatabase
  beforeEach(async () => {
    database = openSqliteAsync()
    await migrateBlog(database)
  })
  afterEach(() => database.close())

  test('answers what has begun before it ends, and takes nothing new', async () => {
    const server = await serve(createApp({ database, secret }), 0)
    // While somebody has the one connection, the request has to wait.
    const held = await database.connect()
    const begun = fetch(`${server.url}/posts/`)
    while (database.usage.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const drained = server.drain()
    await expect(fetch(`${server.url}/posts/`)).rejects.toThrow('fetch failed')
    await held.release()
    const answer = await begun
    expect([answer.status, await answer.json()]).toEqual([200, []])
    await drained
  })

  test('says what to do when the port is taken', async () => {
    const server = await serve(createApp({ database, secret }), 0)
    const port = Number(new URL(server.url).port)
    await expect(serve(createApp({ database, secret }), port)).rejects.toThrow(ServeError)
    await server.drain()
  })

  test('a client that hangs up leaves no connection behind', async () => {
    const server = await serve(createApp({ database, secret }), 0)
    const held = await database.connect()
    const abort = new AbortController()
    const begun = fetch(`${server.url}/posts/`, { signal: abort.signal }).catch(() => 'gone')
    while (database.usage.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    abort.abort()
    expect(await begun).toBe('gone')
    while (database.usage.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await held.release()
    expect((await fetch(`${server.url}/posts/`)).status).toBe(200)
    await server.drain()
  })
})
