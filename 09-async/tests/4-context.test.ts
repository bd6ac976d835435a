import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { raised } from '#shared/testing/raised'
import { ConcurrentUseError, currentSession, NoSessionError, withSession } from '#stage/09-async'
import { databases } from './databases.ts'
import { holdAll } from './hold.ts'
import { User } from './models.ts'
import { begun, refused } from './refused.ts'

describe('Task 4: the session of the task', () => {
  it('is an error that says so where there is none', () => {
    const error = raised(() => currentSession())

    expect(error).toBeInstanceOf(NoSessionError)
    expect((error as Error).message).toContain('withSession')
  })

  describe.each(databases.map(({ name, open }) => [name, open] as const))('on %s', (_, open) => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await open()
    }, 60_000)
    afterEach(() => db?.close(), 10_000)

    it('is the one that the function is given', async () => {
      await withSession(db, async (session) => {
        expect(currentSession()).toBe(session)
      })
    })

    it('goes along through promises, timers, events and the answers of the database', async () => {
      await withSession(db, async (session) => {
        await session.get(User, 1)
        expect(currentSession()).toBe(session)
        await wait(1)
        expect(currentSession()).toBe(session)
        const emitter = new EventEmitter()
        setImmediate(() => emitter.emit('ready', currentSession()))
        expect(await once(emitter, 'ready')).toEqual([session])
        await db.values('SELECT 1')
        expect(currentSession()).toBe(session)
      })
    })

    it('goes along to the one who has waited for a connection', async () => {
      await using held = await holdAll(db)
      const finding = begun(
        withSession(db, async (session) => {
          await session.get(User, 1)
          return currentSession() === session
        }),
      )
      await wait(5)
      await held.release()

      expect(await finding).toBe(true)
    })

    it('is another one for each of many tasks at once', async () => {
      const task = (id: number) =>
        withSession(db, async (session) => {
          await wait(Math.random() * 5)
          const user = await currentSession().get(User, id)
          await wait(Math.random() * 5)
          expect(currentSession()).toBe(session)
          expect(session.contains(user)).toBe(true)
          return session
        })
      const sessions = await Promise.all([1, 2, 3, 1, 2, 3].map(task))

      expect(new Set(sessions)).toHaveLength(6)
    })

    it('is the outer one again after an inner one', async () => {
      await withSession(db, async (outer) => {
        await withSession(db, async (inner) => expect(currentSession()).toBe(inner))
        expect(currentSession()).toBe(outer)
      })
    })

    it('ends with the function: what is not committed is taken back', async () => {
      const session = await withSession(db, async (session) => {
        session.add(new User({ name: 'Dora', email: 'dora@example.com' }))
        await session.flush()
        return session
      })

      expect(raised(() => session.add(new User({ name: 'Eve', email: 'e' })))).toBeInstanceOf(Error)
      expect(db.usage.holders).toEqual([])
      await withSession(db, async (other) => expect(await other.query(User).count()).toBe(3))
    })

    it('throws what the function throws, and gives the connection back', async () => {
      const error = await refused(
        withSession(db, async (session) => {
          session.add(new User({ name: 'Dora', email: 'dora@example.com' }))
          await session.flush()
          throw new Error('no')
        }),
      )

      expect((error as Error).message).toBe('no')
      expect(db.usage.holders).toEqual([])
    })

    it('throws the first of two errors: that it could not be closed is a consequence', async () => {
      const error = await refused(
        withSession(db, async (session) => {
          session.find(User, 1).catch(() => {})
          throw new Error('no')
        }),
      )

      expect((error as Error).message).toBe('no')
    })

    it('tells of an await that was forgotten in the function', async () => {
      const error = await refused(
        withSession(db, async (session) => {
          session.find(User, 1).catch(() => {})
        }),
      )

      expect(error).toBeInstanceOf(ConcurrentUseError)
    })
  })
})
