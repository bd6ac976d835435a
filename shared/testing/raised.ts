import { expect } from 'vitest'
import { TodoError } from '../todo.ts'

/**
 * Gives the error that `run` throws, so that a test can look at it.
 * A gap that is not written yet comes through, so that the report can name its task.
 * Should the test fail afterwards, the report shows this error too.
 *
 * @example
 * expect(raised(() => find(1))).toBeInstanceOf(NotFound)
 *
 * @throws {TodoError} when `run` meets a gap.
 * @throws {Error} when `run` throws nothing.
 */
export function raised(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    if (error instanceof TodoError) throw error
    expect.setState({ raised: error })
    return error
  }
  throw new Error('expected an error, but none was thrown')
}
