import type { Connection } from '#shared/driver/driver'
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
 * @param connection the one below the recorder: what the lens asks is no part of what the page has sent
 * @param advise whether to try indexes as well, which writes and takes back
 */
export function explainGroups(
  connection: Connection,
  groups: readonly StatementGroup[],
  { advise = false } = {},
): Map<string, Explained> {
  const plans = new Map<string, Explained>()
  // What it cannot read, it does not ask for: on PostgreSQL a refused statement ends the transaction that it stands in.
  if (connection.dialect.name !== 'sqlite') return plans
  for (const { fingerprint, statements } of groups) {
    const [first] = statements
    if (!first || first.error || !hasPlan(fingerprint)) continue
    const explained = explain(connection, first, advise)
    if (explained) plans.set(fingerprint, explained)
  }
  return plans
}

/** A page must not fail for its toolbar: a table may be gone since, or another program may hold a lock. */
function explain(
  connection: Connection,
  question: Statement,
  advise: boolean,
): Explained | undefined {
  try {
    const plan = explainPlan(connection, question)
    return { plan, proposals: advise ? proposeIndexes(connection, question) : [] }
  } catch (error) {
    if (error instanceof DatabaseError) return undefined
    throw error
  }
}

const hasPlan = (fingerprint: string) =>
  /^(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES|REPLACE)\b/i.test(fingerprint)
