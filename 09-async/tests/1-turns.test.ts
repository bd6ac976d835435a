import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import {
  AsyncSession,
  ConcurrentUseError,
  SessionBusyError,
  SessionClosedError,
} from '#stage/09-async'
import { databases } from './databases.ts'
import { Post, User } from './models.ts'
import { refused } from './refused.ts'

describe('Task 1: one thing at a time', () => {
  describe.each(databases)('on $name', ({ open }) => {
    let db: RecordedDatabase
    let session: AsyncSession
    beforeEach(async () => {
      db = await open()
      session = new AsyncSession(db)
    }, 60_000)
    afterEach(async () => {
      await session?.close().catch(() => {})
      await db?.close()
    })

    it('does one thing after the other', async () => {
      const alice = await session.get(User, 1)
      const posts = await session.query(Post).all()

      expect(alice.name).toBe('Alice')
      expect(posts).toHaveLength(3)
    })

    it('refuses the second of two things at once, and finishes the first', async () => {
      const first = session.find(User, 1)
      const error = await refused(session.find(User, 2))

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect((error as Error).message).toMatch(/Cannot find a User.*await was forgotten/)
      expect((await first)?.name).toBe('Alice')
    })

    it('says in Promise.all which one came too early', async () => {
      const results = await Promise.allSettled([1, 2, 3].map((id) => session.find(User, id)))

      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    })

    it('is free again after something has failed', async () => {
      await refused(session.get(User, 99))

      expect((await session.get(User, 1)).name).toBe('Alice')
    })

    it('refuses two relations at once', async () => {
      const [alice, bob] = await session
        .query(User)
        .orderBy((u) => u.id)
        .limit(2)
        .all()
      const results = await Promise.allSettled([alice!.posts, bob!.posts])

      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    })

    it('takes no new object while a flush is on its way', async () => {
      session.add(new User({ name: 'Dora', email: 'dora@example.com' }))
      const committing = session.commit()
      const late = new User({ name: 'Eve', email: 'eve@example.com' })
      const error = await refused(Promise.resolve().then(() => session.add(late)))
      await committing

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(session.stateOf(late)).toBe('transient')
      expect(await session.query(User).count()).toBe(4)
    })

    it('keeps a change that was made while the flush was on its way', async () => {
      const bob = await session.get(User, 2)
      bob.name = 'Robert'
      const flushing = session.flush()
      bob.age = 26
      await flushing

      await session.commit()
      await session.refresh(bob)
      expect(bob).toMatchObject({ name: 'Robert', age: 26 })
    })

    it('waits for a forgotten commit when it is closed, and says that it was forgotten', async () => {
      session.add(new User({ name: 'Dora', email: 'dora@example.com' }))
      const forgotten = session.commit()
      const error = await refused(session.close())
      await forgotten

      expect(error).toBeInstanceOf(ConcurrentUseError)
      expect(db.usage.holders).toEqual([])
    })

    it('lets a hook ask for objects while the flush waits for it', async () => {
      let seen = 0
      session.on('beforeFlush', async (session) => {
        await wait(1)
        seen = await session.query(Post).count()
      })
      session.add(new User({ name: 'Dora', email: 'dora@example.com' }))
      await session.flush()

      expect(seen).toBe(3)
    })

    it('waits for hooks of the objects', async () => {
      class Careful extends User {
        override async beforeSave() {
          await wait(1)
          this.name = this.name.trim()
        }
      }
      const dora = new Careful({ name: '  Dora ', email: 'dora@example.com' })
      session.add(dora)
      await session.commit()
      await session.refresh(dora)

      expect(dora.name).toBe('Dora')
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
      session.add(new User({ name: 'Dora', email: 'dora@example.com' }))

      expect(await refused(session.flush())).toBeInstanceOf(ConcurrentUseError)
      expect(await session.query(User).count()).toBe(3)
    })

    it('refuses a flush inside of a flush', async () => {
      session.on('beforeFlush', (session) => session.flush())
      session.add(new User({ name: 'Dora', email: 'dora@example.com' }))

      expect(await refused(session.flush())).toBeInstanceOf(SessionBusyError)
    })

    it('refuses a commit inside the function of a transaction, and takes the function back', async () => {
      const error = await refused(
        session.transaction(async (session) => {
          session.add(new User({ name: 'Dora', email: 'dora@example.com' }))
          await session.commit()
        }),
      )

      expect(error).toBeInstanceOf(SessionBusyError)
      expect(await session.query(User).count()).toBe(3)
    })

    it('refuses everything after it was closed', async () => {
      await session.close()

      expect(await refused(session.find(User, 1))).toBeInstanceOf(SessionClosedError)
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
