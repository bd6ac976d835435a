import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { raised } from '#shared/testing/raised'
import {
  AsyncSession,
  ConcurrentUseError,
  SessionBusyError,
  SessionClosedError,
  Turns,
} from '#stage/09-async'
import { databases } from './databases.ts'
import { Post, User } from './models.ts'
import { begun, outcomes, refused } from './refused.ts'

describe('Task 1: one thing at a time', () => {
  describe('without a database', () => {
    it('gives what the work gives', async () => {
      expect(await new Turns().alone('count', async () => 3)).toBe(3)
    })

    it('is busy while it works, and free afterwards', async () => {
      const turns = new Turns()
      const seen = await turns.alone('find a User', async () => turns.running)

      expect([seen, turns.running]).toEqual(['find a User', undefined])
    })

    it('refuses while it is busy, and says what to do', async () => {
      const turns = new Turns()
      const error = await turns.alone('find a User', async () =>
        raised(() => turns.refuse('commit')),
      )

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect((error as Error).message).toMatch(/Cannot commit.*find a User.*await/)
    })

    it('does not begin the second of two', async () => {
      const turns = new Turns()
      let count = 0
      const work = async () => {
        count += 1
      }
      const results = await outcomes([turns.alone('one', work), turns.alone('two', work)])

      expect(results).toEqual(['fulfilled', 'rejected'])
      expect(count).toBe(1)
    })

    it('is free again when the work has failed', async () => {
      const turns = new Turns()
      await refused(turns.alone('fail', () => Promise.reject(new Error('no'))))

      expect(await turns.alone('count', async () => 3)).toBe(3)
    })

    it('waits for the end of what runs, however it ends', async () => {
      const turns = new Turns()
      const steps: string[] = []
      const failing = turns.alone('fail', async () => {
        await wait(1)
        steps.push('failed')
        throw new Error('no')
      })
      const failed = begun(refused(failing))
      await turns.settled()
      steps.push('settled')
      await failed

      expect(steps).toEqual(['failed', 'settled'])
    })

    it('lends the session to a function, and is busy again when it is done', async () => {
      const turns = new Turns()
      const seen: unknown[] = []
      await turns.alone('flush', async () => {
        seen.push(turns.running)
        const count = await turns.lend(() => turns.alone('count', async () => 3))
        seen.push(count, turns.running)
      })

      expect(seen).toEqual(['flush', 3, 'flush'])
    })

    it('is busy again as well when the function fails', async () => {
      const turns = new Turns()
      let running: unknown
      await turns.alone('flush', async () => {
        await refused(turns.lend(() => Promise.reject(new Error('no'))))
        running = turns.running
      })

      expect(running).toBe('flush')
    })

    it('refuses what the function has left running, and waits for it', async () => {
      const turns = new Turns()
      let isDone = false
      const slow = async () => {
        await wait(1)
        isDone = true
      }
      const error = await turns.alone('flush', () =>
        refused(turns.lend(() => void begun(turns.alone('count', slow)))),
      )

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(isDone).toBe(true)
    })

    it('throws what the function throws, also when it has left something running', async () => {
      const turns = new Turns()
      const error = await turns.alone('flush', () =>
        refused(
          turns.lend(() => {
            void begun(turns.alone('count', () => wait(1)))
            throw new Error('no')
          }),
        ),
      )

      expect((error as Error).message).toBe('no')
    })

    it('waits for the promise of what runs, and does not ask over and over', async () => {
      const turns = new Turns()
      let settled: Promise<void> | undefined
      let waiting: string[] = []
      await turns.alone('flush', async () => {
        await turns.lend(() => turns.alone('count', async () => 3))
        settled = turns.settled()
        await wait(5)
        waiting = process.getActiveResourcesInfo()
      })
      await settled

      const asked = waiting.includes('Immediate') ? 'at each turn of the event loop' : 'once'
      expect(`asked ${asked}`).toBe('asked once')
    })
  })

  describe.each(databases.map(({ name, open }) => [name, open] as const))('on %s', (_, open) => {
    let db: RecordedDatabase
    let session: AsyncSession
    beforeEach(async () => {
      db = await open()
      session = new AsyncSession(db)
    }, 60_000)
    afterEach(async () => {
      await session?.close().catch(() => {})
      await db?.close()
    }, 10_000)

    it('does one thing after the other', async () => {
      const alice = await session.get(User, 1)
      const posts = await session.query(Post).all()

      expect(alice.name).toBe('Alice')
      expect(posts).toHaveLength(3)
    }, 60_000)

    it('refuses the second of two things at once, and finishes the first', async () => {
      const first = begun(session.find(User, 1))
      const error = await refused(session.find(User, 2))

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect((error as Error).message).toMatch(/Cannot find a User.*await was forgotten/)
      expect((await first)?.name).toBe('Alice')
    })

    it('says in Promise.all which one came too early', async () => {
      const found = [1, 2, 3].map((id) => session.find(User, id))

      expect(await outcomes(found)).toEqual(['fulfilled', 'rejected', 'rejected'])
    })

    it('is free again after something has failed', async () => {
      await refused(session.get(User, 99))

      expect((await session.get(User, 1)).name).toBe('Alice')
    })

    it('takes no new object while a flush is on its way', async () => {
      const flushing = begun(session.flush())
      const eve = new User({ name: 'Eve', email: 'eve@example.com' })
      const error = raised(() => session.add(eve))
      await flushing

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(session.stateOf(eve)).toBe('transient')
    })

    it('waits for what was forgotten when it is closed, and says so', async () => {
      const steps: string[] = []
      const forgotten = session.query(Post).all()
      const done = begun(forgotten.then(() => steps.push('done')))
      const closing = begun(refused(session.close().finally(() => steps.push('closed'))))
      await done

      expect(await closing).toBeInstanceOf(ConcurrentUseError)
      expect(steps).toEqual(['done', 'closed'])
    })

    it('lets a hook ask for objects while the flush waits for it', async () => {
      let seen = 0
      session.on('beforeFlush', async (session) => {
        await wait(1)
        seen = await session.query(Post).count()
      })
      await session.flush()

      expect(seen).toBe(3)
    })

    it('refuses what a hook has left running', async () => {
      session.on(
        'beforeFlush',
        (session) =>
          void session
            .query(Post)
            .all()
            .catch(() => {}),
      )

      expect(await refused(session.flush())).toBeInstanceOf(ConcurrentUseError)
      expect(await session.query(User).count()).toBe(3)
    })

    it('refuses a flush inside of a flush', async () => {
      session.on('beforeFlush', (session) => session.flush())

      expect(await refused(session.flush())).toBeInstanceOf(SessionBusyError)
    })

    it('refuses everything after it was closed', async () => {
      await session.get(User, 1)
      await session.close()

      expect(await refused(session.find(User, 2))).toBeInstanceOf(SessionClosedError)
    })

    it('keeps sessions apart that run at the same time', async () => {
      await using other = new AsyncSession(db)
      const [one, two] = await Promise.all([session.get(User, 1), other.get(User, 1)])
      one.name = 'Alicia'

      expect(two).not.toBe(one)
      expect(two.name).toBe('Alice')
    })
  })
})
