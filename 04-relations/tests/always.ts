import fc from 'fast-check'
import { TodoError } from '#shared/todo'

/**
 * Runs a property sixty times. A gap that is not written yet comes through as it is, so that the report can name its task.
 *
 * @throws {Error} with the smallest counterexample and its seed
 */
export function always<T>(property: fc.IProperty<T>): void {
  try {
    fc.assert(property, { numRuns: 60 })
  } catch (error) {
    throw (error as Error).cause instanceof TodoError ? (error as Error).cause : error
  }
}
