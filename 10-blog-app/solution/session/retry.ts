import { setTimeout as wait } from 'node:timers/promises'
import { BusyError, DeadlockError, SerializationFailure } from '#shared/driver/errors'

export interface RetryOptions {
  /** How often the work is tried, the first time included: 5. */
  readonly attempts?: number
  /** How long the first pause is at most, in milliseconds: 10. Each one after it is at most twice as long. */
  readonly pause?: number
}

/**
 * Runs work that meets others in the database, and runs it again when the database says that it has to. Only the whole of it
 * may be run again: what it has read before is out of date.
 *
 * @throws whatever the last attempt throws
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  { attempts = 5, pause = 10 }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      if (attempt >= attempts || !isWorthRetrying(error)) throw error
      await wait(pauseAfter(attempt, pause))
    }
  }
}

/** The database has undone everything, and the same work may succeed next time. A lost connection is none of these: perhaps it was done. */
export const isWorthRetrying = (error: unknown): boolean =>
  error instanceof SerializationFailure ||
  error instanceof DeadlockError ||
  error instanceof BusyError

/** No pause is longer than a second. */
const longest = 1000

/** A random part of it, so that two who met do not meet again. */
const pauseAfter = (attempt: number, pause: number): number =>
  Math.random() * Math.min(pause * 2 ** (attempt - 1), longest)
