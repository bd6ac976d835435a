import type { Connection } from '#shared/driver/driver'
import { explainPlan, type PlanStep } from './explain-plan.ts'
import type { StatementGroup } from './groups.ts'
import { type Proposal, proposeIndexes } from './index-advisor.ts'

/** How the database answers the statements of a group, and what would help it. */
export interface Explained {
  readonly plan: readonly PlanStep[]
  readonly proposals: readonly Proposal[]
}

/**
 * Asks for the plan of each group, with the parameters of its first statement.
 *
 * @param connection the one below the recorder: what the lens asks is no part of what the page has sent
 * @param advise whether to try indexes as well, which writes and takes back
 */
export function explainGroups(
  connection: Connection,
  groups: readonly StatementGroup[],
  { advise = false } = {},
): Map<string, Explained> {
  const plans = new Map<string, Explained>()
  for (const { fingerprint, statements } of groups) {
    const [first] = statements
    if (!first || first.error || !hasPlan(fingerprint)) continue
    const plan = explainPlan(connection, first)
    plans.set(fingerprint, { plan, proposals: advise ? proposeIndexes(connection, first) : [] })
  }
  return plans
}

const hasPlan = (fingerprint: string) =>
  /^(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES|REPLACE)\b/i.test(fingerprint)
