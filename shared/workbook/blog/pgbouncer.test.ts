import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentSession, sessionPerRequest } from '#stage/10-blog-app'
import { openBlog } from '../../../10-blog-app/tests/client.ts'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { type PostgresServer, startOwnPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { until } from './blog-process.ts'
import { findPgbouncer, noPgbouncer, type Pooler, startPgbouncer } from './pgbouncer.ts'
import { testSideBySide } from './side-by-side.ts'
import { walkThrough } from './walk.ts'

/*
 * The blog behind PgBouncer in transaction mode: each transaction may run on another session of the server, and nothing that
 * belongs to a session may be leant on. Without PgBouncer this fails in CI, and says so elsewhere.
 */

const program = findPgbouncer()

if (program) testBehind(program)
else
  it('NOTHING was tried behind PgBouncer: there is none on this machine', () => {
    if (process.env.CI && process.platform !== 'win32') throw new Error(noPgbouncer)
    console.warn(`\n⚠ ${noPgbouncer}\n`)
  })

function testBehind(program: string): void {
  testSideBySide('two processes behind PgBouncer, which has three sessions for them', {
    processes: 2,
    level: 'read committed',
    between: (url) => startPgbouncer(program, url, 3),
  })

  describe('one blog behind PgBouncer', { timeout: 120_000 }, () => {
    let postgres: PostgresServer
    let pooler: Pooler
    let database: AsyncDatabase
    /** For the test itself, past the pooler. */
    let direct: AsyncDatabase

    beforeAll(async () => {
      postgres = await startOwnPostgres()
      pooler = await startPgbouncer(program, postgres.url, 2)
      database = openPostgres(pooler.url)
      direct = openPostgres(postgres.url)
    }, 120_000)

    afterAll(async () => {
      await database?.close()
      await direct?.close()
      await pooler?.stop()
      await postgres?.stop()
    })

    const count = async (sql: string) => Number((await direct.values(sql))[0]![0])

    it('answers the whole RealWorld API, from its migrations on', async () => {
      await walkThrough(await openBlog(database))
      expect(await count("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'")).toBe(0)
      expect(database.usage.holders).toEqual([])
    })

    it('stops the statement of a client that hangs up: the pooler passes it on', async () => {
      const active =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'"
      const abort = new AbortController()
      const serve = sessionPerRequest(database, async () => {
        await currentSession().connection.run('SELECT pg_sleep(60)')
        return new Response('slept')
      })
      const begun = serve(new Request('http://blog/', { signal: abort.signal }))
      const gone = expect(begun).rejects.toMatchObject({ name: 'AbortError' })
      await until('the statement runs', async () => (await count(active)) === 1)
      abort.abort()
      await gone
      await until('the statement is stopped', async () => (await count(active)) === 0)
      expect(database.usage.holders).toEqual([])
    })
  })
}
