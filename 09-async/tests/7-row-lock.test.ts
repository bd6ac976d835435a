import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { AsyncSession, entity, t, withSession, withTransaction } from '#stage/09-async'
import { databases, onPostgres } from './databases.ts'
import { Account, Job, Post, User } from './models.ts'
import { refused } from './refused.ts'

describe('Task 7: lock the rows', () => {
  describe.each(databases.map(({ name, open }) => [name, open] as const))('on %s', (_, open) => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await open()
    }, 60_000)
    afterEach(() => db?.close(), 10_000)

    it('begins a transaction that stays open', async () => {
      await using session = new AsyncSession(db)
      await session.query(Account).forUpdate().all()

      expect(db.statements[0]?.sql).toMatch(/^BEGIN/)
      expect(db.usage.holders).toHaveLength(1)
    })

    it('loses no update of ten that come at once', async () => {
      const take = () =>
        withTransaction(db, async (session) => {
          const [account] = await session
            .query(Account)
            .where((a) => a.id.eq(1))
            .forUpdate()
            .all()
          account!.cents -= 10
        })
      await Promise.all(Array.from({ length: 10 }, take))

      const account = await withSession(db, (session) => session.get(Account, 1))
      expect(account.cents).toBe(900)
    }, 120_000)

    it('gives every job to one of four workers', async () => {
      await withSession(db, async (session) => {
        session.add(...Array.from({ length: 20 }, (_, i) => new Job({ name: `job ${i}` })))
        await session.commit()
      })
      const done: number[] = []
      const takeOne = (name: string) =>
        withTransaction(db, async (session) => {
          const job = await session
            .query(Job)
            .where((j) => j.worker.eq(null))
            .orderBy((j) => j.id)
            .limit(1)
            .forUpdate({ skipLocked: true })
            .first()
          if (job) job.worker = name
          return job?.id
        })
      const work = async (name: string) => {
        for (let id = await takeOne(name); id !== undefined; id = await takeOne(name)) done.push(id)
      }
      await Promise.all(['a', 'b', 'c', 'd'].map(work))

      expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    }, 120_000)
  })

  describe('on PostgreSQL', () => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await onPostgres.open()
    }, 60_000)
    afterEach(() => db?.close(), 10_000)

    it('passes over the rows that others have locked', async () => {
      await using one = new AsyncSession(db)
      await using other = new AsyncSession(db, { statementTimeout: 500 })
      await one
        .query(Account)
        .where((a) => a.id.eq(1))
        .forUpdate()
        .all()
      const free = await other.query(Account).forUpdate({ skipLocked: true }).all()

      expect(free.map(({ id }) => id)).toEqual([2])
    })

    it('fails at once with noWait', async () => {
      await using one = new AsyncSession(db)
      await using other = new AsyncSession(db, { statementTimeout: 500 })
      await one.query(Account).forUpdate().all()
      const error = await refused(other.query(Account).forUpdate({ noWait: true }).all())

      expect((error as Error).message).toMatch(/could not obtain lock/)
    })

    it('leaves the rows of joined tables free', async () => {
      await using one = new AsyncSession(db)
      await using other = new AsyncSession(db, { statementTimeout: 500 })
      await one.query(Post).joined({ author: true, editor: true }).forUpdate().all()

      expect(await other.query(User).forUpdate({ noWait: true }).all()).toHaveLength(3)
      const error = await refused(other.query(Post).forUpdate({ noWait: true }).all())
      expect((error as Error).message).toMatch(/could not obtain lock/)
    })

    it('quotes the name of the table where it must be', async () => {
      class Order extends entity('order', { id: t.integer().primaryKey() }) {}
      await using session = new AsyncSession(db)
      // There is no such table. What was sent is the question.
      await refused(session.query(Order).forUpdate().all())

      expect(db.statements.at(-1)?.sql).toMatch(/ FOR UPDATE OF "order"$/)
    })

    it('reads again what the session has already', async () => {
      await using session = new AsyncSession(db)
      const account = await session.get(Account, 1)
      await db.run('UPDATE accounts SET cents = 5 WHERE id = 1')
      await session.query(Account).forUpdate().all()

      expect(account.cents).toBe(5)
    })
  })
})
