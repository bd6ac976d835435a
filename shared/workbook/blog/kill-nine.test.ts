import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startOwnPostgres } from '../../driver/embedded-postgres.ts'
import { type BlogProcess, startBlog, until } from './blog-process.ts'
import { lostOf, startWriters, tokenOfAlice } from './writers.ts'

// What was answered with 201 is stored, whatever happens to the server a moment later.

let folder: string
let postgres: PostgresServer
let blog: BlogProcess | undefined

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'blog-'))
  postgres = await startOwnPostgres()
}, 120_000)

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await postgres?.stop()
})

afterEach(() => blog?.kill())

describe('kill -9 while everybody writes', { timeout: 300_000 }, () => {
  it.each([
    ['a file of SQLite', () => ({ DATABASE_FILE: join(folder, 'blog.db') })],
    ['PostgreSQL', () => ({ DATABASE_URL: postgres.url })],
  ])('loses nothing that was acknowledged, on %s', async (_, where) => {
    blog = await startBlog(where())
    const token = await tokenOfAlice()
    const { acknowledged, heard, gone } = startWriters(blog.url, token)
    await until('sixty writes are acknowledged', () => acknowledged.length >= 60)
    await blog.kill()
    await gone

    expect((await blog.ended).code).not.toBe(0)
    expect(heard.filter(({ status }) => status !== 201)).toEqual([])
    blog = await startBlog(where())
    expect(await lostOf(blog.url, acknowledged)).toEqual([])
    // And it goes on where it was: an article that was half written is in nobody's way.
    const after = startWriters(blog.url, token, 2)
    await until('it writes again', () => after.acknowledged.length >= 4)
    after.stop()
    await after.gone
  })
})
