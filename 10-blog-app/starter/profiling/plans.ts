import type { AsyncDatabase } from '#shared/driver/async-driver'
import { DatabaseError } from '#shared/driver/errors'
import type { Statement } from '#shared/driver/recorder'
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
 * @param database the one below the recorder: what the lens asks is no part of what the page has sent
 * @param advise whether to try indexes as well, which writes and takes back
 */
export async function explainGroups(
  database: AsyncDatabase,
  groups: readonly StatementGroup[],
  { advise = false } = {},
): Promise<Map<string, Explained>> {
  const plans = new Map<string, Explained>()
  for (const { fingerprint, statements } of groups) {
    const [first] = statements
    if (!first || first.error || plans.has(fingerprint) || !hasPlan(fingerprint)) continue
    const explained = await explain(database, first, advise)
    if (explained) plans.set(fingerprint, explained)
  }
  return plans
}

/** A page must not fail for its toolbar: a table may be gone since, or another program may hold a lock. */
async function explain(
  database: AsyncDatabase,
  question: Statement,
  advise: boolean,
): Promise<Explained | undefined> {
  try {
    const plan = await explainPlan(database, question)
    return { plan, proposals: advise ? await proposeIndexes(database, question) : [] }
  } catch (error) {
    if (error instanceof DatabaseError) return undefined
    throw error
  }
}

const hasPlan = (fingerprint: string) =>
  /^(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES|REPLACE)\b/i.test(fingerprint)
