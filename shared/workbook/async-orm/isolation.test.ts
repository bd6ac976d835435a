import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AsyncSession } from '#stage/09-async'
import { onPostgres } from '../../../09-async/tests/databases.ts'
import { Account } from '../../../09-async/tests/models.ts'
import type { RecordedDatabase } from '../../driver/async-recorder.ts'
import { SerializationFailure } from '../../driver/errors.ts'

// The table of stage 09 that says what may happen at which level of isolation, cell by cell.

const levels = ['read committed', 'repeatable read', 'serializable'] as const
type Level = (typeof levels)[number]

let db: RecordedDatabase
beforeEach(async () => {
  db = await onPostgres.open()
}, 120_000)
afterEach(() => db?.close())

/** Each transaction has a session of its own. */
async function transaction<T>(
  isolation: Level,
  work: (session: AsyncSession) => Promise<T>,
): Promise<T> {
  await using session = new AsyncSession(db, { isolation })
  return await session.transaction(work)
}

const accounts = (session: AsyncSession) =>
  session
    .query(Account)
    .orderBy((a) => a.id)
    .refresh()
    .all()

const centsIn = async (session: AsyncSession) => (await accounts(session)).map(({ cents }) => cents)

const set = (isolation: Level, id: number, cents: number) =>
  transaction(isolation, async (session) => {
    ;(await session.get(Account, id)).cents = cents
  })

const stored = () => transaction('read committed', centsIn)

/** What came of it: `yes`, `no`, or `refused` by the database. */
async function outcome(happened: () => Promise<boolean>): Promise<string> {
  try {
    return (await happened()) ? 'yes' : 'no'
  } catch (error) {
    if (error instanceof SerializationFailure) return 'refused'
    throw error
  }
}

const anomalies: Record<string, (level: Level) => Promise<boolean>> = {
  async 'dirty read'(level) {
    await using writer = new AsyncSession(db, { isolation: level })
    ;(await writer.get(Account, 1)).cents = 5
    await writer.flush()
    const seen = await transaction(level, centsIn)
    await writer.rollback()
    return seen[0] === 5
  },

  'non-repeatable read': (level) =>
    transaction(level, async (session) => {
      const [before] = await centsIn(session)
      await set(level, 1, 5)
      const [after] = await centsIn(session)
      return before !== after
    }),

  phantom: (level) =>
    transaction(level, async (session) => {
      const before = await session.query(Account).count()
      await transaction(level, async (other) => other.add(new Account({ id: 3, cents: 0 })))
      return (await session.query(Account).count()) !== before
    }),

  async 'lost update'(level) {
    await transaction(level, async (session) => {
      const account = await session.get(Account, 1)
      await set(level, 1, account.cents - 100)
      account.cents -= 100
    })
    return (await stored())[0] === 900
  },

  /** One of the two accounts must keep something: each transaction looks at both, and empties another one. */
  async 'write skew'(level) {
    const empty = (id: number, meanwhile: () => Promise<unknown>) =>
      transaction(level, async (session) => {
        const both = await accounts(session)
        await meanwhile()
        if (both.every(({ cents }) => cents > 0)) both.find((one) => one.id === id)!.cents = 0
      })
    await empty(1, () => empty(2, async () => {}))
    return (await stored()).every((cents) => cents === 0)
  },
}

const table: Record<string, readonly string[]> = {
  'dirty read': ['no', 'no', 'no'],
  'non-repeatable read': ['yes', 'no', 'no'],
  phantom: ['yes', 'no', 'no'],
  'lost update': ['yes', 'refused', 'refused'],
  'write skew': ['yes', 'yes', 'refused'],
}

describe.each(Object.entries(table))('a %s', (name, cells) => {
  it.each(levels.map((level, i) => [level, cells[i]]))('at %s: %s', async (level, cell) => {
    expect(await outcome(() => anomalies[name]!(level as Level))).toBe(cell)
  })
})
