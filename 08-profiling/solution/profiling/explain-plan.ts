import type { Connection, Row, Value } from '#shared/driver/driver'
import { madeBy, withOwnNames } from './own-names.ts'

/** One step of a plan, with the steps inside it. */
export interface PlanStep {
  /** As SQLite says it: `SEARCH posts USING INDEX posts_user_id (user_id=?)`. */
  readonly detail: string
  /** `scan` reads every row, `search` goes to the rows that fit, `sort` keeps all rows until it has the last one. */
  readonly kind: 'scan' | 'search' | 'sort' | 'other'
  /** What is scanned or searched: a table under its name in the statement, a result of the plan under its own. */
  readonly source: string | undefined
  readonly index: string | undefined
  /** Whether the database builds the index for this one statement, and throws it away: it says itself which one is missing. */
  readonly isAutomatic: boolean
  readonly steps: readonly PlanStep[]
}

/** A question to the database. */
export interface Question {
  readonly sql: string
  readonly parameters: readonly Value[]
}

/**
 * Asks the database how it would answer a statement. The statement itself is not run.
 *
 * @example
 * explainPlan(connection, { sql: 'SELECT * FROM posts WHERE user_id = ?', parameters: [1] })
 * // EXPLAIN QUERY PLAN SELECT * FROM posts WHERE user_id = ?
 * // [{ kind: 'scan', source: 'posts', detail: 'SCAN posts', … }]
 *
 * @see https://www.sqlite.org/eqp.html
 */
export function explainPlan(connection: Connection, { sql, parameters }: Question): PlanStep[] {
  const plan = readPlan(connection.all(`EXPLAIN QUERY PLAN ${sql}`, parameters))
  return withOwnNames(plan, sql)
}

/**
 * The plan as it would be after a change of the schema: the change is made, the plan is asked for, the change is taken back.
 *
 * @example
 * explainWith(connection, 'CREATE INDEX posts_user_id ON posts (user_id)', question)
 * // SAVEPOINT what_if
 * // CREATE INDEX posts_user_id ON posts (user_id)
 * // EXPLAIN QUERY PLAN SELECT * FROM posts WHERE user_id = ?
 * // ROLLBACK TO what_if
 * // RELEASE what_if
 */
export function explainWith(
  connection: Connection,
  change: string,
  question: Question,
): PlanStep[] {
  connection.exec('SAVEPOINT what_if')
  try {
    connection.exec(change)
    return explainPlan(connection, question)
  } finally {
    connection.exec('ROLLBACK TO what_if; RELEASE what_if')
  }
}

/**
 * Makes a tree of the rows of a plan: each row names the row that it belongs to, and 0 is the whole.
 *
 * @example
 * readPlan([{ id: 2, parent: 0, notused: 0, detail: 'SCAN posts' }])
 */
export function readPlan(rows: readonly Row[], parent: Value = 0): PlanStep[] {
  return rows
    .filter((row) => row.parent === parent)
    .map((row) => ({ ...stepOf(String(row.detail)), steps: readPlan(rows, row.id) }))
}

/** What one line of a plan says. A name may hold blanks. Older versions of SQLite write `SCAN TABLE posts`. */
function stepOf(detail: string): Omit<PlanStep, 'steps'> {
  const [, verb, source] =
    /^(SCAN|SEARCH) (?:TABLE )?(.+?)(?: AS| USING| VIRTUAL| EXISTS| LEFT-JOIN|$)/.exec(detail) ?? []
  const [, index] = /USING (?:COVERING )?INDEX (.+?)(?: \(| LEFT-JOIN|$)/.exec(detail) ?? []
  const isAutomatic = /USING AUTOMATIC/.test(detail)
  const kind = /USE TEMP B-TREE/.test(detail) ? 'sort' : kinds[verb ?? '']
  return { detail, kind: kind ?? 'other', source, index, isAutomatic }
}

const kinds: Readonly<Record<string, PlanStep['kind']>> = { SCAN: 'scan', SEARCH: 'search' }

/** Every step of a plan, those inside of others too. */
export function stepsOf(plan: readonly PlanStep[]): PlanStep[] {
  return plan.flatMap((step) => [step, ...stepsOf(step.steps)])
}

/** The steps that read a whole table. What a scan reads may also be a result that the plan has made itself: that is no table. */
export function fullScansOf(plan: readonly PlanStep[]): PlanStep[] {
  const made = madeBy(plan)
  return stepsOf(plan).filter(({ kind, source = '', index, detail }) => {
    if (kind !== 'scan' || index !== undefined) return false
    return !made.has(source) && !noTable.test(detail)
  })
}

/**
 * A scan of no table: `SCAN CONSTANT ROW`, `SCAN 3-ROW VALUES CLAUSE`, `SCAN (subquery-1)`, and `SCAN json_each VIRTUAL TABLE INDEX 1:`,
 * where a function gives the rows. No index can be put on any of them.
 */
const noTable = /^SCAN (CONSTANT ROW|SUBQUERY \d|\d+( CONSTANT ROW|-ROW VALUES)|\()|VIRTUAL TABLE/
