import { expect } from 'vitest'
import { TodoError } from '#shared/todo'

/** Begins something that is awaited later. When the test fails before that, its own error is the one to hear of. */
export function begun<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** What becomes of promises that were made at once. A gap that is not written yet comes through. */
export async function outcomes(promises: readonly unknown[]): Promise<string[]> {
  const results = await Promise.allSettled(promises)
  for (const result of results)
    if (result.status === 'rejected' && result.reason instanceof TodoError) throw result.reason
  return results.map(({ status }) => status)
}

/** Gives the error of a promise, as `raised` does for a function. A gap that is not written yet comes through. */
export async function refused(promise: unknown): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    if (error instanceof TodoError) throw error
    expect.setState({ raised: error })
    return error
  }
  throw new Error('expected an error, but none was thrown')
}
