import type { AsyncConnection, AsyncDatabase, AsyncSender } from '#shared/driver/async-driver'
import type { Row, Value } from '#shared/driver/driver'
import { DatabaseError } from '#shared/driver/errors'
import { madeBy, withOwnNames } from './own-names.ts'
import { readPostgresPlan } from './postgres-plan.ts'

/** One step of a plan, with the steps inside it. */
export interface PlanStep {
  /** As the database says it: `SEARCH posts USING INDEX posts_user_id (user_id=?)`, `Seq Scan on posts (user_id = 1) · …`. */
  readonly detail: string
  /** `scan` reads every row, `search` goes to the rows that fit, `sort` keeps all rows until it has the last one. */
  readonly kind: 'scan' | 'search' | 'sort' | 'other'
  /** What is scanned or searched: a table under its name in the statement, a result of the plan under its own. */
  readonly source: string | undefined
  readonly index: string | undefined
  /** Whether the database builds the index for this one statement, and throws it away: it says itself which one is missing. */
  readonly isAutomatic: boolean
  /** What PostgreSQL expects, and what it has counted. SQLite says nothing of it. */
  readonly figures?: Figures
  readonly steps: readonly PlanStep[]
}

/** The figures of a step, with all the steps inside it, and in all its rounds. */
export interface Figures {
  /** In units of the planner: reading one page in its order is 1. */
  readonly cost: number
  readonly expectedRows: number
  /** Undefined, like all below, where the statement was not run. */
  readonly rows: number | undefined
  readonly milliseconds: number | undefined
  /** Pages of 8 kB that were looked at, in memory or on the disk. */
  readonly pages: number | undefined
}

/** A question to the database. */
export interface Question {
  readonly sql: string
  readonly parameters: readonly Value[]
}

/**
 * Asks the database how it answers a statement. SQLite says what it would do. PostgreSQL runs a statement that only reads, and
 * counts; one that writes it does not run: even when it is taken back, its sequences have moved, its triggers may have called
 * somebody, and others have waited for its locks.
 *
 * @param database the statement is explained on a connection and in a transaction of its own
 *
 * @example
 * await explainPlan(database, { sql: 'SELECT * FROM posts WHERE user_id = $1', parameters: [1] })
 * // BEGIN READ ONLY
 * // SET LOCAL statement_timeout = 5000
 * // EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM posts WHERE user_id = $1
 * // ROLLBACK
 * // [{ kind: 'scan', source: 'posts', detail: 'Seq Scan on posts (user_id = 1) · 20 rows (19 expected) · …', … }]
 *
 * @see https://www.sqlite.org/eqp.html
 * @see https://www.postgresql.org/docs/current/using-explain.html
 */
export async function explainPlan(
  database: AsyncDatabase,
  question: Question,
): Promise<PlanStep[]> {
  if (database.dialect.name === 'sqlite') return expectedPlan(database, question)
  return (await measuredPlan(database, question)) ?? expectedPlan(database, question)
}

/**
 * The plan as it would be after a change of the schema: the change is made, the plan is asked for, the change is taken back.
 * Whatever happens in between, it never stays: nobody sends COMMIT.
 *
 * @example
 * await explainWith(database, 'CREATE INDEX posts_user_id ON posts (user_id)', question)
 * // BEGIN
 * // CREATE INDEX posts_user_id ON posts (user_id)
 * // EXPLAIN QUERY PLAN SELECT * FROM posts WHERE user_id = ?
 * // ROLLBACK
 */
export function explainWith(
  database: AsyncDatabase,
  change: string,
  question: Question,
): Promise<PlanStep[]> {
  return takingBack(database, 'BEGIN', async (connection) => {
    // Who writes to the table is waited for, and waits. A trial is not worth a long wait.
    if (database.dialect.name === 'postgres') await connection.run('SET LOCAL lock_timeout = 1000')
    await connection.run(change)
    return expectedPlan(connection, question)
  })
}

/** What the database expects of a statement. It is not run. */
async function expectedPlan(sender: AsyncSender, question: Question): Promise<PlanStep[]> {
  const { sql, parameters } = question
  if (sender.dialect.name === 'postgres') return explained(sender, 'FORMAT JSON', question)
  const rows = await sender.values(`EXPLAIN QUERY PLAN ${sql}`, parameters)
  const plan = readPlan(
    rows.map(([id, parent, , detail]) => ({ id: id!, parent: parent!, detail: detail! })),
  )
  return withOwnNames(plan, sql)
}

/**
 * Runs a statement, and counts. In a transaction that only reads, PostgreSQL itself refuses whatever writes, a function in a SELECT too.
 *
 * @returns undefined when it was refused, or takes too long
 */
async function measuredPlan(
  database: AsyncDatabase,
  question: Question,
): Promise<PlanStep[] | undefined> {
  try {
    return await takingBack(database, 'BEGIN READ ONLY', async (connection) => {
      await connection.run('SET LOCAL statement_timeout = 5000')
      return explained(connection, 'ANALYZE, BUFFERS, FORMAT JSON', question)
    })
  } catch (error) {
    if (error instanceof DatabaseError) return undefined
    throw error
  }
}

async function explained(
  sender: AsyncSender,
  options: string,
  { sql, parameters }: Question,
): Promise<PlanStep[]> {
  const [row] = await sender.values(`EXPLAIN (${options}) ${sql}`, parameters)
  return readPostgresPlan(String(row![0]))
}

/** Does something in a transaction that is always rolled back. */
async function takingBack<T>(
  database: AsyncDatabase,
  begin: string,
  work: (connection: AsyncConnection) => Promise<T>,
): Promise<T> {
  await using connection = await database.connect()
  await connection.run(begin)
  try {
    return await work(connection)
  } finally {
    // A connection that cannot do even this is thrown away when it is given back.
    await connection.run('ROLLBACK').catch(() => {})
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
