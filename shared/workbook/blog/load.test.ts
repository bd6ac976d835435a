import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp, createTokens, migrateBlog } from '#stage/10-blog-app'
import { fill } from '../../../10-blog-app/load/fill.ts'
import { joined } from '../../../10-blog-app/load/joined.ts'
import type { Measured } from '../../../10-blog-app/load/measure.ts'
import { createRawApp, type Reading } from '../../../10-blog-app/load/raw.ts'
import { wrongWith } from '../../../10-blog-app/load/report.ts'
import { compareAnswers } from '../../../10-blog-app/load/same.ts'
import { stepByStep } from '../../../10-blog-app/load/step-by-step.ts'
import { secret } from '../../../10-blog-app/tests/client.ts'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { type PostgresServer, startOwnPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { runProgram } from '../child.ts'
import { root } from '../root.ts'

// What the load compares does the same; and it tells when something is wrong.

describe('what the blog is compared with', { timeout: 120_000 }, () => {
  let postgres: PostgresServer
  let database: AsyncDatabase
  let pool: pg.Pool

  beforeAll(async () => {
    postgres = await startOwnPostgres()
    database = openPostgres(postgres.url)
    // The server may end before the last connection has.
    pool = new pg.Pool({ connectionString: postgres.url }).on('error', () => {})
    await migrateBlog(database)
    await fill(database)
  }, 120_000)
  afterAll(async () => {
    await database?.close()
    await pool?.end()
    await postgres?.stop()
  })

  it.each([
    ['joined', joined],
    ['step by step', stepByStep],
  ] satisfies [string, Reading][])('answers as the blog does: %s', async (_, reading) => {
    const [blog, raw] = [createApp({ database, secret }), createRawApp(pool, secret, reading)]
    const token = await createTokens(secret).sign({ id: 1 } as never)
    const kinds = await compareAnswers(
      (r) => blog.fetch(r),
      (r) => raw.fetch(r),
      token,
    )
    expect(kinds).toEqual(['list', 'feed', 'article', 'tags', 'favorite', 'comment', 'create'])
  })
})

describe('the report of the load', () => {
  const megabyte = 2 ** 20
  const usage = { rss: 100 * megabyte, heapUsed: 20 * megabyte, cpu: 0 }
  const good: Measured = {
    name: 'The blog',
    requestsPerSecond: 1000,
    requests: 60_000,
    p50: 50,
    p99: 100,
    slowest: 200,
    statuses: { 200: 50_000, 201: 10_000 },
    unanswered: 0,
    kept: { before: usage, after: { ...usage, heapUsed: 21 * megabyte } },
    mostMemory: 120 * megabyte,
    cpu: 1,
  }

  it('finds nothing wrong with good figures', () => expect(wrongWith(good)).toEqual([]))

  it.each([
    ['an answer was an error', { statuses: { 200: 50_000, 503: 1 } }, '1 answers were 503.'],
    ['a request was never answered', { unanswered: 3 }, '3 requests were never answered.'],
    [
      'memory has grown',
      { kept: { before: usage, after: { ...usage, heapUsed: 60 * megabyte } } },
      'the heap has grown by 40 MB.',
    ],
  ])('says that %s', (_, figures, sentence) => {
    expect(wrongWith({ ...good, ...figures })).toEqual([`The blog: ${sentence}`])
  })
})

describe('the load', { timeout: 240_000 }, () => {
  it('runs, and ends with the figures', async () => {
    const args = ['--seconds', '1', '--warm-up', '1', '--connections', '5', '--sqlite']
    const program = ['--import', 'tsx', '--conditions=solution', '10-blog-app/load/run.ts']
    const limits = { cwd: root, seconds: 200 }
    const { status, output } = await runProgram(process.execPath, [...program, ...args], limits)
    expect(output).toMatch(/SQLite, the blog +[\d,]+ +\d+ ms/)
    expect(status, output).toBe(0)
  })
})
