import { AsyncLocalStorage } from 'node:async_hooks'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { NoSessionError } from './errors.ts'
import { type RetryOptions, retry } from './retry.ts'
import { AsyncSession, type SessionOptions } from './session.ts'

/** The session of the task that runs now. Node carries it through promises, timers and events. */
const sessions = new AsyncLocalStorage<AsyncSession>()

/**
 * The session of this task.
 *
 * @throws {NoSessionError} outside `withSession` and `withTransaction`
 */
export function currentSession(): AsyncSession {
  const session = sessions.getStore()
  if (!session) throw new NoSessionError()
  return session
}

/**
 * Opens a session for a task, and closes it on every path. What is not committed is rolled back.
 *
 * @example
 * await withSession(database, async (session) => {
 *   const user = await session.get(User, 1)
 *   user.name = 'Alicia'
 *   await session.commit()
 * })
 */
export async function withSession<T>(
  database: AsyncDatabase,
  work: (session: AsyncSession) => Promise<T>,
  options?: SessionOptions,
): Promise<T> {
  const session = new AsyncSession(database, options)
  let result: T
  try {
    result = await sessions.run(session, () => work(session))
  } catch (error) {
    // The first error is the one to hear of.
    await session.close().catch(() => {})
    throw error
  }
  await session.close()
  return result
}

/**
 * Runs a task in one transaction, and commits. Where it meets others in the database, the whole of it is run again, in a
 * session of its own: the function must do nothing that may not be done twice, such as sending a letter.
 *
 * @example
 * await withTransaction(database, async (session) => {
 *   const account = await session.get(Account, 1)
 *   account.cents -= 100
 * }, { isolation: 'serializable' })
 * // BEGIN ISOLATION LEVEL SERIALIZABLE
 * // SELECT id, cents FROM accounts WHERE id = $1
 * // UPDATE accounts SET cents = $1 WHERE id = $2
 * // COMMIT
 */
export const withTransaction = <T>(
  database: AsyncDatabase,
  work: (session: AsyncSession, attempt: number) => Promise<T>,
  options: SessionOptions & RetryOptions = {},
): Promise<T> =>
  retry(
    (attempt) =>
      withSession(
        database,
        (session) => session.transaction(() => work(session, attempt)),
        options,
      ),
    options,
  )
