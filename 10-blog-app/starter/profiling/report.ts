import type { Statement } from '#shared/driver/recorder'
import type { RelatedClass } from '../relations/relation.ts'
import type { RelationUsage } from '../relations/usage.ts'
import { differentIn, groupStatements, rowsOf, type StatementGroup, timeOf } from './groups.ts'
import { findNPlusOnes, type NPlusOne } from './n-plus-one.ts'
import { slowQueries, type Timing } from './slow-queries.ts'
import { type UnusedLoad, unusedEagerLoads } from './unused-eager-loads.ts'

/** Everything that the lens has seen of one request, or of one run. */
export interface Report {
  readonly statements: readonly Statement[]
  readonly groups: readonly StatementGroup[]
  readonly milliseconds: number
  readonly rows: number
  /** Statements that asked what had been asked before, values included. */
  readonly again: number
  readonly nPlusOnes: readonly NPlusOne[]
  readonly unusedLoads: readonly UnusedLoad[]
  readonly slow: readonly Timing[]
}

export interface ReportOptions {
  /** The classes whose relations may be behind the statements. */
  readonly models?: readonly RelatedClass[]
  readonly usage?: RelationUsage | undefined
  /** From how many milliseconds on a statement is slow: 100, unless something else is said. */
  readonly slowFrom?: number
}

/**
 * Puts together what there is to say about the statements of one request.
 *
 * @example
 * reportOf(db.statements, { models: [User, Post], usage })
 */
export function reportOf(
  statements: readonly Statement[],
  { models = [], usage, slowFrom = 100 }: ReportOptions = {},
): Report {
  const reads = statements.filter(({ sql }) => /^\s*(SELECT|WITH)\b/i.test(sql))
  return {
    statements,
    groups: groupStatements(statements),
    milliseconds: timeOf(statements),
    rows: rowsOf(statements),
    again: reads.length - differentIn(reads),
    nPlusOnes: findNPlusOnes(statements, models),
    unusedLoads: usage ? unusedEagerLoads(usage, models) : [],
    slow: slowQueries(statements, { milliseconds: slowFrom }),
  }
}
