import fc from 'fast-check'
import { TodoError } from '#shared/todo'

/**
 * Tries a property with random values. `WORKBOOK_RUNS` says how often; a failure shows the shortest values that fail, with
 * their seed. A gap of the starter comes through as it is, so that the report can name its task.
 */
export function tryRandomly<T>(property: fc.IProperty<[T]>, runs: number): void {
  try {
    fc.assert(property, { numRuns: Number(process.env.WORKBOOK_RUNS ?? runs) })
  } catch (error) {
    throw (error as Error).cause instanceof TodoError ? (error as Error).cause : error
  }
}
