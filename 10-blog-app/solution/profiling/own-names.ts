import type { PlanStep } from './explain-plan.ts'
import { readStatement } from './reading.ts'

/**
 * Gives what the plan has made itself its own name everywhere: with `FROM recent AS r` SQLite says `MATERIALIZE recent`, and later
 * `SCAN r`, which looks like a table.
 *
 * @example
 * withOwnNames([{ detail: 'MATERIALIZE recent', … }, { detail: 'SCAN r', source: 'r', … }], 'WITH recent AS … SELECT … FROM recent AS r')
 * // [{ detail: 'MATERIALIZE recent', … }, { detail: 'SCAN r', source: 'recent', … }]
 */
export function withOwnNames(plan: readonly PlanStep[], sql: string): PlanStep[] {
  const own = new Map([...madeBy(plan)].map((name) => [name.toLowerCase(), name]))
  const names = new Map(
    readStatement(sql).sources.map(({ alias, table }) => [
      alias.toLowerCase(),
      own.get(table.toLowerCase()),
    ]),
  )
  const named = (step: PlanStep): PlanStep => ({
    ...step,
    source: names.get(step.source?.toLowerCase() ?? '') ?? step.source,
    steps: step.steps.map(named),
  })
  return plan.map(named)
}

/** The names of the results that a plan makes, and reads again. */
export const madeBy = (plan: readonly PlanStep[]): ReadonlySet<string> =>
  new Set(plan.flatMap(({ detail, steps }) => [...madeIn(detail), ...madeBy(steps)]))

const madeIn = (detail: string): string[] =>
  /^(?:CO-ROUTINE|MATERIALIZE) (.+)/.exec(detail)?.slice(1) ?? []
