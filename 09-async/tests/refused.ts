import { expect } from 'vitest'
import { TodoError } from '#shared/todo'

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
