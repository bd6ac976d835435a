import type { Statement } from '#shared/driver/recorder'
import { groupStatements, type StatementGroup, timeOf } from './groups.ts'

/** The statements of one shape and one line, with their times in milliseconds. */
export interface Timing extends StatementGroup {
  readonly total: number
  /** Half of them took no longer. */
  readonly p50: number
  /** All but the slowest twentieth took no longer. */
  readonly p95: number
  readonly slowest: number
}

/**
 * Groups with a statement that took longer than the limit, the most time first.
 *
 * @example
 * slowQueries(db.statements, { milliseconds: 100 })
 */
export function slowQueries(
  statements: readonly Statement[],
  { milliseconds = 100 }: { readonly milliseconds?: number } = {},
): Timing[] {
  return timingsOf(statements).filter(({ slowest }) => slowest >= milliseconds)
}

/** The times of all groups, the most time first: a quick statement that is sent a thousand times comes before a slow one. */
export function timingsOf(statements: readonly Statement[]): Timing[] {
  return groupStatements(statements)
    .map((group) => {
      const times = group.statements.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
      return {
        ...group,
        total: timeOf(group.statements),
        p50: percentile(times, 50),
        p95: percentile(times, 95),
        slowest: times.at(-1) ?? 0,
      }
    })
    .sort((a, b) => b.total - a.total)
}

/** The smallest of the sorted times that so many of a hundred do not exceed. */
const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0
