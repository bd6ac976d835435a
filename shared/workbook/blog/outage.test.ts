import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { migrateBlog } from '#stage/10-blog-app'
import { clientOf } from '../../../10-blog-app/tests/client.ts'
import { recordAsync } from '../../driver/async-recorder.ts'
import { type OwnPostgres, startOwnPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { type BlogProcess, startBlog, until } from './blog-process.ts'
import { openUnsafeLine, type UnsafeLine } from './unsafe-line.ts'
import { type Heard, lostOf, startWriters, tokenOfAlice } from './writers.ts'

// PostgreSQL goes away under the blog, and comes back.

let postgres: OwnPostgres

beforeAll(async () => {
  postgres = await startOwnPostgres()
}, 120_000)

afterAll(() => postgres?.stop())

/** All that a client may hear of it. */
const busy = { errors: { body: ['the database is busy: try again in a moment'] } }
const spoken = ({ status, headers, text }: Heard) => ({
  status,
  retryAfter: headers.get('retry-after'),
  json: JSON.parse(text),
})

describe('PostgreSQL is stopped and started while everybody writes', { timeout: 300_000 }, () => {
  let blog: BlogProcess | undefined
  afterEach(() => blog?.kill())

  it('is a 503 for as long as it lasts; then the same process goes on, and nothing is lost', async () => {
    blog = await startBlog({ DATABASE_URL: postgres.url })
    const token = await tokenOfAlice()
    const writers = startWriters(blog.url, token)
    const { acknowledged, heard } = writers
    await until('twenty writes are acknowledged', () => acknowledged.length >= 20)

    await postgres.crash()
    const failed = () => heard.filter(({ status }) => status === 503)
    await until('ten writes have failed', () => failed().length >= 10)
    await postgres.start()
    const before = acknowledged.length
    await until('twenty more are acknowledged', () => acknowledged.length >= before + 20)
    writers.stop()
    await writers.gone

    expect(new Set(heard.map(({ status }) => status))).toEqual(new Set([201, 503]))
    const expected = { status: 503, retryAfter: '1', json: busy }
    for (const answer of failed()) expect(spoken(answer)).toEqual(expected)
    expect(await lostOf(blog.url, acknowledged)).toEqual([])
    expect(blog.child.exitCode).toBeNull()
  })
})

describe('the connection breaks in COMMIT', { timeout: 120_000 }, () => {
  let line: UnsafeLine

  beforeAll(async () => {
    line = await openUnsafeLine(postgres.url)
    await using database = openPostgres(postgres.url)
    await migrateBlog(database)
  })
  afterAll(() => line?.close())

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)(
    '%s the server has done it: nobody is told that it is stored, and it is not tried again',
    async (when, stored) => {
      await using database = recordAsync(openPostgres(line.url))
      const blog = clientOf(database)
      const token = await blog.register(`author-${when}`)
      database.forget()

      line.breakAtCommit(when)
      const title = `Broken ${when}`
      const article = { title, description: 'd', body: 'b' }
      const answer = await blog.ask('POST', '/api/articles', { token, body: { article } })
      line.mend()

      expect(spoken(answer)).toEqual({ status: 503, retryAfter: '1', json: busy })
      expect(database.statements.filter(({ sql }) => sql === 'COMMIT')).toHaveLength(1)
      // The blog does not know which of the two has happened: the client has to look.
      const { json } = await blog.ask('GET', `/api/articles?author=author-${when}`)
      expect(json.articlesCount).toBe(stored)
      expect(database.usage.holders).toEqual([])
    },
  )
})
