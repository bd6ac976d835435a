import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { PoolTimeoutError, TimeoutError, UniqueViolation } from '#shared/driver/errors'
import { AsyncSession, withSession } from '#stage/09-async'
import { databases, onPostgres } from './databases.ts'
import { Account, User } from './models.ts'
import { refused } from './refused.ts'

const dora = () => new User({ name: 'Dora', email: 'dora@example.com' })

describe('Task 2: a connection for a transaction', () => {
  describe.each(databases)('on $name', ({ open }) => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await open({ max: 2, acquireTimeout: 200 })
    }, 60_000)
    afterEach(() => db?.close())

    it('holds none while it only reads', async () => {
      await using session = new AsyncSession(db)
      await session.get(User, 1)

      expect(db.usage.holders).toEqual([])
    })

    it('holds one from BEGIN to COMMIT', async () => {
      await using session = new AsyncSession(db)
      session.add(dora())
      await session.flush()
      expect(db.usage.holders).toHaveLength(1)
      await session.commit()

      expect(db.usage.holders).toEqual([])
    })

    it('sends all of a transaction on that one', async () => {
      await using session = new AsyncSession(db)
      session.add(dora())
      await session.flush()

      expect(await session.query(User).count()).toBe(4)
      await session.rollback()
      expect(await session.query(User).count()).toBe(3)
    })

    it('gives it back when a flush fails', async () => {
      await using session = new AsyncSession(db)
      session.add(new User({ name: 'Alice', email: 'alice@example.com' }))

      expect(await refused(session.commit())).toBeInstanceOf(UniqueViolation)
      expect(db.usage.holders).toEqual([])
    })

    it('gives it back when the function of a transaction throws', async () => {
      await using session = new AsyncSession(db)
      const error = await refused(
        session.transaction(async (session) => {
          session.add(dora())
          await session.flush()
          throw new Error('no')
        }),
      )

      expect((error as Error).message).toBe('no')
      expect(db.usage.holders).toEqual([])
      expect(await session.query(User).count()).toBe(3)
    })

    it('gives it back when the session is closed, and takes back what was not committed', async () => {
      {
        await using session = new AsyncSession(db)
        session.add(dora())
        await session.flush()
      }

      expect(db.usage.holders).toEqual([])
      await withSession(db, async (session) => expect(await session.query(User).count()).toBe(3))
    })

    it('loses nothing when no connection is free for BEGIN', async () => {
      const held = await Promise.all(Array.from({ length: db.usage.size }, () => db.connect()))
      await using session = new AsyncSession(db)
      const user = dora()
      session.add(user)
      const error = await refused(session.commit())
      for (const connection of held) await connection.release()

      expect(error).toBeInstanceOf(PoolTimeoutError)
      expect((error as Error).message).toContain('2-connection.test.ts')
      expect(session.stateOf(user)).toBe('pending')
      await session.commit()
      expect(await session.query(User).count()).toBe(4)
    })

    it('makes a savepoint of a transaction inside of another, and keeps the rest when it fails', async () => {
      await using session = new AsyncSession(db)
      await session.transaction(async (session) => {
        session.add(dora())
        await refused(
          session.transaction((session) => {
            session.add(new User({ name: 'Alice', email: 'alice@example.com' }))
          }),
        )
      })

      expect(await session.query(User).count()).toBe(4)
    })

    it('sends no savepoint for the flush that ends a transaction', async () => {
      await using session = new AsyncSession(db)
      await session.transaction(async (session) => {
        const account = await session.get(Account, 1)
        account.cents -= 100
      })

      expect(db.statements.map(({ sql }) => sql.split(' ')[0])).toEqual([
        'BEGIN',
        'SELECT',
        'UPDATE',
        'COMMIT',
      ])
    })

    it('stops waiting for a connection when the program gives up', async () => {
      const held = await Promise.all(Array.from({ length: db.usage.size }, () => db.connect()))
      const abort = new AbortController()
      await using session = new AsyncSession(db, { signal: abort.signal })
      const finding = refused(session.find(User, 1))
      abort.abort(new Error('the client has gone'))
      const error = await finding
      for (const connection of held) await connection.release()

      expect((error as Error).message).toBe('the client has gone')
    })
  })

  describe('on PostgreSQL', () => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await onPostgres.open()
    }, 60_000)
    afterEach(() => db?.close())

    const sleepers = async () => {
      const [[count] = []] = await db.values(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(30)'",
      )
      return Number(count)
    }

    it('stops the statement on the server when the request is cancelled', async () => {
      const abort = new AbortController()
      await using session = new AsyncSession(db, { signal: abort.signal })
      const sleeping = refused(session.connection.values('SELECT pg_sleep(30)'))
      while ((await sleepers()) === 0) await wait(5)
      abort.abort(new Error('the client has gone'))

      expect(((await sleeping) as Error).message).toBe('the client has gone')
      expect(await sleepers()).toBe(0)
    })

    it('stops the statement on the server when its time is over', async () => {
      await using session = new AsyncSession(db, { statementTimeout: 50 })
      const error = await refused(session.connection.values('SELECT pg_sleep(30)'))

      expect(error).toBeInstanceOf(TimeoutError)
      expect(await sleepers()).toBe(0)
    })

    it('throws a connection away that has broken, and takes another', async () => {
      await using session = new AsyncSession(db)
      session.add(dora())
      await session.flush()
      const [[pid] = []] = await session.connection.values('SELECT pg_backend_pid()')
      await db.run('SELECT pg_terminate_backend($1)', [pid!])

      await refused(session.commit())
      expect(await session.query(User).count()).toBe(3)
      expect(db.usage.holders).toEqual([])
    })

    it('does not take a COMMIT for one that has kept nothing', async () => {
      await using session = new AsyncSession(db)
      const error = await refused(
        session.transaction(async (session) => {
          session.add(dora())
          await session.flush()
          await refused(session.connection.run('SELECT 1 / 0'))
        }),
      )

      expect((error as Error).message).toContain('COMMIT has kept nothing')
      expect(await session.query(User).count()).toBe(3)
    })

    it('begins with the isolation that was asked for', async () => {
      await using session = new AsyncSession(db, { isolation: 'repeatable read', isReadOnly: true })
      await session.transaction(async (session) => {
        await session.get(User, 1)
      })

      expect(db.statements[0]?.sql).toBe('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    })

    it('reads 200,000 rows in parts, with little memory', async () => {
      await using connection = await db.connect()
      const before = process.memoryUsage().heapUsed
      let rows = 0
      let largest = 0
      for await (const part of connection.stream(
        "SELECT i, repeat('x', 1000) FROM generate_series(1, 200000) AS i",
        [],
        1000,
      )) {
        rows += part.length
        largest = Math.max(largest, process.memoryUsage().heapUsed)
      }

      expect(rows).toBe(200_000)
      // All of them would be 200 MB of text.
      expect(largest).toBeLessThan(before + 100 * 1024 * 1024)
    }, 60_000)
  })
})
