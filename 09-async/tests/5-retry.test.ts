import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import { DeadlockError, SerializationFailure, UniqueViolation } from '#shared/driver/errors'
import { currentSession, retry, withSession, withTransaction } from '#stage/09-async'
import { databases, onPostgres } from './databases.ts'
import { Account, User } from './models.ts'
import { refused } from './refused.ts'

const failure = { sql: 'COMMIT', parameters: [], cause: undefined }

/** Lets those who come wait until so many are there. */
function meeting(count: number): () => Promise<void> {
  let open = () => {}
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  let here = 0
  return () => {
    here += 1
    if (here === count) open()
    return all
  }
}

describe('Task 5: run it again', () => {
  it('gives what the work gives', async () => {
    expect(await retry(async (attempt) => attempt)).toBe(1)
  })

  it('runs it again after each error that asks for it', async () => {
    const errors = [new SerializationFailure(failure), new DeadlockError(failure)]
    const result = await retry(
      async (attempt) => {
        const error = errors.shift()
        if (error) throw error
        return attempt
      },
      { pause: 0 },
    )

    expect(result).toBe(3)
  })

  it('gives up after so many attempts, with the last error', async () => {
    let attempts = 0
    const error = await refused(
      retry(
        async () => {
          attempts += 1
          throw new SerializationFailure(failure)
        },
        { attempts: 3, pause: 0 },
      ),
    )

    expect(error).toBeInstanceOf(SerializationFailure)
    expect(attempts).toBe(3)
  })

  it('does not run it again after any other error', async () => {
    let attempts = 0
    await refused(
      retry(async () => {
        attempts += 1
        throw new UniqueViolation(failure)
      }),
    )

    expect(attempts).toBe(1)
  })

  describe.each(databases.map(({ name, open }) => [name, open] as const))('on %s', (_, open) => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await open()
    }, 60_000)
    afterEach(() => db?.close(), 3000)

    const centsOf = (id: number) =>
      withSession(db, async (session) => (await session.get(Account, id)).cents)

    it('commits', async () => {
      await withTransaction(db, async (session) => {
        ;(await session.get(Account, 1)).cents -= 100
      })

      expect(await centsOf(1)).toBe(900)
    })

    it('has the session of the task', async () => {
      await withTransaction(db, async (session) => expect(currentSession()).toBe(session))
    })

    it('takes back what has failed, and throws it', async () => {
      const error = await refused(
        withTransaction(db, async (session) => {
          ;(await session.get(Account, 1)).cents -= 100
          session.add(new User({ name: 'Alice', email: 'alice@example.com' }))
        }),
      )

      expect(error).toBeInstanceOf(UniqueViolation)
      expect(await centsOf(1)).toBe(1000)
    })

    it('loses no update of eight that come at once', async () => {
      const take = () =>
        withTransaction(
          db,
          async (session) => {
            ;(await session.get(Account, 1)).cents -= 10
          },
          { isolation: 'serializable', attempts: 50, pause: 2 },
        )
      await Promise.all(Array.from({ length: 8 }, take))

      expect(await centsOf(1)).toBe(920)
    }, 30_000)
  })

  describe('on PostgreSQL', () => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await onPostgres.open()
    }, 60_000)
    afterEach(() => db?.close(), 3000)

    it('runs the whole work again, in a new session, when two have met', async () => {
      const bothHaveRead = meeting(2)
      const attempts: number[] = []
      const take = () =>
        withTransaction(
          db,
          async (session, attempt) => {
            const account = await session.get(Account, 1)
            attempts.push(attempt)
            if (attempt === 1) await bothHaveRead()
            account.cents -= 100
          },
          { isolation: 'repeatable read' },
        )
      await Promise.all([take(), take()])

      expect(attempts).toEqual([1, 1, 2])
      const account = await withSession(db, (session) => session.get(Account, 1))
      expect(account.cents).toBe(800)
    })

    it('runs it again after a deadlock', async () => {
      const bothHaveOne = meeting(2)
      const attempts: number[] = []
      const move = (from: number, to: number) =>
        withTransaction(db, async (session, attempt) => {
          attempts.push(attempt)
          for (const id of [from, to]) {
            const account = await session.get(Account, id)
            account.cents += 1
            await session.flush()
            if (attempt === 1 && id === from) await bothHaveOne()
          }
        })
      await Promise.all([move(1, 2), move(2, 1)])

      expect(attempts.toSorted()).toEqual([1, 1, 2])
    }, 30_000)
  })
})
