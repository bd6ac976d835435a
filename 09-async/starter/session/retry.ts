import { setTimeout as wait } from 'node:timers/promises'
import { BusyError, DeadlockError, SerializationFailure } from '#shared/driver/errors'
import { todo } from '#shared/todo'

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
  // TODO(5): try the work, the first time with 1. When it fails and another attempt makes sense (`isWorthRetrying`, and not more
  // than `attempts` in all), `wait` for `pauseAfter(attempt, pause)` milliseconds, and try it again. Otherwise throw what it threw.
  return todo('Task 5: run it again')
}

/** The database has undone everything, and the same work may succeed next time. A lost connection is none of these: perhaps it was done. */
export const isWorthRetrying = (error: unknown): boolean =>
  // TODO(5): three classes of errors say that. They are imported above.
  todo('Task 5: run it again')

/** No pause is longer than a second. */
const longest = 1000

/** A random part of it, so that two who met do not meet again. */
const pauseAfter = (attempt: number, pause: number): number =>
  // TODO(5): by chance, between 0 and `pause` after the first attempt, between 0 and twice as much after the second, then four times,
  // and so on; but never more than `longest`.
  todo('Task 5: run it again')
