import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { PoolTimeoutError, TimeoutError, UniqueViolation } from '#shared/driver/errors'
import { AsyncSession, ConcurrentUseError, SessionBusyError } from '#stage/09-async'
import { databases, onPostgres } from './databases.ts'
import { holdAll } from './hold.ts'
import { instead } from './instead.ts'
import { Account, User } from './models.ts'
import { begun, refused } from './refused.ts'

const dora = () => new User({ name: 'Dora', email: 'dora@example.com' })

/** A database on whose connections one statement fails, before it is sent. */
const failing = (database: AsyncDatabase, failed: string): AsyncDatabase =>
  instead(database, {
    async connect(options) {
      const connection = await database.connect(options)
      return instead(connection, {
        async run(sql, parameters) {
          if (sql === failed) throw new Error(`${failed} has failed`)
          return connection.run(sql, parameters)
        },
      })
    },
  })

describe('Task 2: a connection for a transaction', () => {
  describe.each(databases.map(({ name, open }) => [name, open] as const))('on %s', (_, open) => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await open({ max: 2, acquireTimeout: 20 })
    }, 60_000)
    afterEach(() => db?.close(), 10_000)

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
      await using other = new AsyncSession(db)
      expect(await other.query(User).count()).toBe(3)
    })

    it('loses nothing when no connection is free for BEGIN', async () => {
      await using held = await holdAll(db)
      await using session = new AsyncSession(db)
      const user = dora()
      session.add(user)
      const error = await refused(session.commit())
      await held.release()

      expect(error).toBeInstanceOf(PoolTimeoutError)
      expect((error as Error).message).toMatch(/in use by:.*hold\.ts/s)
      expect(session.stateOf(user)).toBe('pending')
      await session.commit()
      expect(await session.query(User).count()).toBe(4)
    })

    it('sends ROLLBACK after a failed COMMIT, on the connection that has the transaction', async () => {
      await using session = new AsyncSession(failing(db, 'COMMIT'))
      session.add(dora())
      const error = await refused(session.commit())

      expect((error as Error).message).toBe('COMMIT has failed')
      expect(db.statements.at(-1)?.sql).toBe('ROLLBACK')
      expect(db.usage.holders).toEqual([])
    })

    it('gives the connection back without a word when ROLLBACK fails', async () => {
      await using session = new AsyncSession(failing(db, 'ROLLBACK'))
      session.add(dora())
      await session.flush()
      await session.rollback()

      expect(db.usage.holders).toEqual([])
      expect(await session.query(User).count()).toBe(3)
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

    it('keeps a change that was made while the flush was on its way', async () => {
      await using session = new AsyncSession(db)
      const bob = await session.get(User, 2)
      bob.name = 'Robert'
      const flushing = begun(session.flush())
      bob.age = 26
      await flushing

      await session.commit()
      await session.refresh(bob)
      expect(bob).toMatchObject({ name: 'Robert', age: 26 })
    })

    it('gives it back after a forgotten commit, when the session is closed', async () => {
      const session = new AsyncSession(db)
      session.add(dora())
      const forgotten = begun(session.commit())
      const error = await refused(session.close())
      await forgotten

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(db.usage.holders).toEqual([])
    })

    it('lets a hook see in the transaction what was flushed before', async () => {
      await using session = new AsyncSession(db)
      session.add(dora())
      await session.flush()
      const seen: number[] = []
      session.on('beforeFlush', async (session) => {
        seen.push(await session.query(User).count())
      })
      session.add(new User({ name: 'Eve', email: 'eve@example.com' }))
      await session.commit()

      expect(seen).toEqual([4])
    })

    it('waits for hooks of the objects', async () => {
      class Careful extends User {
        override async beforeSave() {
          await wait(1)
          this.name = this.name.trim()
        }
      }
      await using session = new AsyncSession(db)
      const careful = new Careful({ name: '  Dora ', email: 'dora@example.com' })
      session.add(careful)
      await session.commit()
      await session.refresh(careful)

      expect(careful.name).toBe('Dora')
    })

    it('refuses a commit inside the function of a transaction, and takes the function back', async () => {
      await using session = new AsyncSession(db)
      const error = await refused(
        session.transaction(async (session) => {
          session.add(dora())
          await session.commit()
        }),
      )

      expect(error).toBeInstanceOf(SessionBusyError)
      expect(await session.query(User).count()).toBe(3)
    })

    it('stops waiting for a connection when the program gives up', async () => {
      await using held = await holdAll(db)
      const abort = new AbortController()
      await using session = new AsyncSession(db, { signal: abort.signal })
      const finding = begun(refused(session.find(User, 1)))
      abort.abort(new Error('the client has gone'))
      const error = await finding
      await held.release()

      expect((error as Error).message).toBe('the client has gone')
    })
  })

  describe('on PostgreSQL', () => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await onPostgres.open()
    }, 60_000)
    afterEach(() => db?.close(), 10_000)

    const sleep = (session: AsyncSession) => session.connection.values('SELECT pg_sleep(30)')
    const sleepers = async () => {
      const [[count] = []] = await db.values(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(30)'",
      )
      return Number(count)
    }

    it('stops the statement on the server when the request is cancelled', async () => {
      const abort = new AbortController()
      await using session = new AsyncSession(db, { signal: abort.signal })
      const sleeping = begun(refused(session.transaction(sleep)))
      while ((await Promise.race([sleepers(), sleeping])) === 0) await wait(5)
      abort.abort(new Error('the client has gone'))

      expect(((await sleeping) as Error).message).toBe('the client has gone')
      await expect.poll(sleepers, { interval: 5, timeout: 4_500 }).toBe(0)
    })

    it('stops the statement on the server when its time is over', async () => {
      await using session = new AsyncSession(db, { statementTimeout: 50 })
      const error = await refused(session.transaction(sleep))

      expect(error).toBeInstanceOf(TimeoutError)
      await expect.poll(sleepers, { interval: 5, timeout: 4_500 }).toBe(0)
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

    it('gives the connection back when BEGIN is refused', async () => {
      await using session = new AsyncSession(db, { isolation: 'complete' as never })
      const error = await refused(session.transaction(() => {}))

      expect((error as Error).message).toContain('BEGIN ISOLATION LEVEL COMPLETE')
      expect(db.usage.holders).toEqual([])
      expect(await session.query(User).count()).toBe(3)
    })

    it('begins with the isolation that was asked for', async () => {
      await using session = new AsyncSession(db, { isolation: 'repeatable read', isReadOnly: true })
      await session.transaction(async (session) => {
        await session.get(User, 1)
      })

      expect(db.statements[0]?.sql).toBe('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    })
  })
})
