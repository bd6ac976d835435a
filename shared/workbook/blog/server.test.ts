import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { createApp, createTables, ServeError, serve } from '#stage/10-blog-app'
import { secret } from '../../../10-blog-app/tests/client.ts'
import { root } from '../root.ts'

describe('the server', () => {
  let database: AsyncDatabase
  beforeEach(async () => {
    database = openSqliteAsync()
    await createTables(database)
  })
  afterEach(() => database.close())

  test('answers what has begun before it ends, and takes nothing new', async () => {
    const server = await serve(createApp({ database, secret }), 0)
    // While somebody has the one connection, the request has to wait.
    const held = await database.connect()
    const begun = fetch(`${server.url}/posts/`)
    while (database.usage.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const drained = server.drain()
    await expect(fetch(`${server.url}/posts/`)).rejects.toThrow()
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

describe('kill -9 while everybody writes', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'blog-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('loses nothing that was acknowledged', async () => {
    const file = join(folder, 'blog.db')
    const { child, url } = await start(file)
    const acknowledged: number[] = []
    const writers = Array.from({ length: 10 }, (_, writer) => write(url, writer, acknowledged))
    while (acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await Promise.all([once(child, 'exit'), ...writers])

    const database = openSqliteAsync(file)
    const rows = await database.values('SELECT id FROM posts')
    await database.close()
    const stored = new Set(rows.map(([id]) => Number(id)))
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  }, 60_000)
})

/** Starts the blog as a program of its own, and waits until it says where it is. */
async function start(file: string): Promise<{ child: ChildProcess; url: string }> {
  const demo = join(root, '10-blog-app', 'demo.ts')
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=solution']
  const child = spawn(process.execPath, [...flags, demo], {
    env: { ...process.env, PORT: '0', DATABASE_FILE: file, DATABASE_URL: '', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const part of child.stdout!) {
    said += part
    const url = said.match(/http:\/\/localhost:\d+/)?.[0]
    if (url) return { child, url }
  }
  throw new Error(`The blog did not start. It said: ${said}`)
}

/** Writes until the server is gone, and notes what it has acknowledged. */
async function write(url: string, writer: number, acknowledged: number[]): Promise<void> {
  for (let number = 1; ; number++) {
    const body = JSON.stringify({ title: `Post ${writer}.${number}`, user_id: 1 })
    const post = await fetch(`${url}/posts/`, { method: 'POST', body })
      .then((response) => response.json() as Promise<{ id: number }>)
      .catch(() => undefined)
    if (!post) return
    acknowledged.push(post.id)
  }
}
