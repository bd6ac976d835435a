import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import {
  BusyError,
  DeadlockError,
  SerializationFailure,
  UniqueViolation,
} from '#shared/driver/errors'
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

/** How long work that always meets others is told to wait, where chance always gives the same. Nobody waits. */
async function pausesOf(
  chance: number,
  options: { attempts: number; pause: number },
): Promise<number[]> {
  const pauses: number[] = []
  vi.spyOn(Math, 'random').mockReturnValue(chance)
  vi.spyOn(timers, 'setTimeout').mockImplementation(async (milliseconds) => {
    pauses.push(milliseconds ?? 0)
    return undefined as never
  })
  syncBuiltinESMExports()
  try {
    await refused(retry(() => Promise.reject(new SerializationFailure(failure)), options))
  } finally {
    vi.restoreAllMocks()
    syncBuiltinESMExports()
  }
  return pauses
}

describe('Task 5: run it again', () => {
  it('gives what the work gives', async () => {
    expect(await retry(async (attempt) => attempt)).toBe(1)
  })

  it('runs it again after each error that asks for it', async () => {
    const errors = [
      new SerializationFailure(failure),
      new DeadlockError(failure),
      new BusyError(failure),
    ]
    const result = await retry(
      async (attempt) => {
        const error = errors.shift()
        if (error) throw error
        return attempt
      },
      { pause: 0 },
    )

    expect(result).toBe(4)
  })

  it('gives up after so many attempts, with the last error', async () => {
    const errors: unknown[] = []
    const error = await refused(
      retry(
        async () => {
          errors.push(new SerializationFailure(failure))
          throw errors.at(-1)
        },
        { attempts: 3, pause: 0 },
      ),
    )

    expect(errors).toHaveLength(3)
    expect(error).toBe(errors[2])
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

  it('pauses before each new attempt, at most twice as long as the last one, and never longer than a second', async () => {
    const pauses = await pausesOf(0.999_999, { attempts: 6, pause: 100 })

    // A pause may be rounded.
    expect(pauses.map((one) => Math.round(one / 10) * 10)).toEqual([100, 200, 400, 800, 1000])
  })

  it('leaves the pause to chance', async () => {
    const short = await pausesOf(0.25, { attempts: 3, pause: 100 })

    expect(short.map((one) => Math.round(one))).toEqual([25, 50])
    expect(await pausesOf(0, { attempts: 3, pause: 100 })).toEqual([0, 0])
  })

  describe.each(databases.map(({ name, open }) => [name, open] as const))('on %s', (_, open) => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await open()
    }, 60_000)
    afterEach(() => db?.close(), 10_000)

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
    }, 120_000)
  })

  describe('on PostgreSQL', () => {
    let db: RecordedDatabase
    beforeEach(async () => {
      db = await onPostgres.open()
    }, 60_000)
    afterEach(() => db?.close(), 10_000)

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

      expect(attempts.filter((attempt) => attempt === 1)).toHaveLength(2)
      expect(Math.max(...attempts)).toBeGreaterThan(1)
    }, 120_000)
  })
})
