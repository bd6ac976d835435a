import type { AsyncDatabase } from '#shared/driver/async-driver'
import type { Dialect } from '#shared/driver/dialect'
import {
  explainPlan,
  explainWith,
  fullScansOf,
  type PlanStep,
  type Question,
  stepsOf,
} from './explain-plan.ts'
import { type Reading, readStatement, type Source, type Use } from './reading.ts'

/** An index that the database would use. */
export interface Proposal {
  /** `CREATE INDEX ix_posts_user_id ON posts (user_id)` */
  readonly sql: string
  readonly before: readonly PlanStep[]
  /** The plan with the index, as the database has said it. */
  readonly after: readonly PlanStep[]
}

/**
 * Proposes indexes for a statement. Each was tried: the database was asked for its plan with the index, and that plan is better.
 *
 * While it tries, it writes: the index is built, and taken back. On a large table that takes time and a lock,
 * so it is for a copy of the data, or for the developer's own database.
 *
 * PostgreSQL reads a small table from end to end whatever indexes it has, and is right: nothing is proposed there.
 *
 * @example
 * await proposeIndexes(database, { sql: 'SELECT * FROM posts WHERE user_id = $1', parameters: [1] })
 * // [{ sql: 'CREATE INDEX ix_posts_user_id ON posts (user_id)', before: [Seq Scan on posts …], after: [Index Scan using … ] }]
 */
export async function proposeIndexes(
  database: AsyncDatabase,
  question: Question,
): Promise<Proposal[]> {
  const before = await explainPlan(database, question)
  if (complaintsOf(before) === 0) return []
  const reading = readStatement(question.sql)
  const best: Trial[] = []
  for (const source of reading.sources) {
    const tried = await tryIndexes(database, await newIndexes(database, source, reading), question)
    const better = tried.filter(({ after }) => isWorthwhile(before, after))
    best.push(...better.toSorted((a, b) => costOf(a.after) - costOf(b.after)).slice(0, 1))
  }
  const proposals = best.map(({ sql, after }) => ({ sql, before, after }))
  return [...new Map(proposals.map((proposal) => [proposal.sql, proposal])).values()]
}

/** One after the other: two of them on one table would wait for each other. */
async function tryIndexes(
  database: AsyncDatabase,
  indexes: readonly string[],
  question: Question,
): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const sql of indexes) trials.push({ sql, after: await explainWith(database, sql, question) })
  return trials
}

type Trial = Omit<Proposal, 'before'>

/** What may help, as far as it is not there already. */
async function newIndexes(
  database: AsyncDatabase,
  source: Source,
  reading: Reading,
): Promise<string[]> {
  const columns = await columnsOf(database, source.table)
  const known = await indexNames(database)
  return candidatesFor(source, reading, columns)
    .filter((candidate) => !known.has(indexName(source.table, candidate)))
    .map((candidate) => createIndex(source.table, candidate, database.dialect))
}

/**
 * Whether the plan has found the new index, and is the better for it. An index makes every write a little slower: where the
 * database has its own idea of the cost, the index has to halve it.
 */
function isWorthwhile(before: readonly PlanStep[], after: readonly PlanStep[]): boolean {
  const known = new Set(indexesIn(before))
  if (indexesIn(after).every((index) => known.has(index))) return false
  return costOf(after) < (before[0]?.figures ? costOf(before) / 2 : costOf(before))
}

const indexesIn = (plan: readonly PlanStep[]): string[] =>
  stepsOf(plan).flatMap(({ index }) => index ?? [])

/** What the planner of PostgreSQL expects; SQLite does not tell, so there its plan is counted. Lower is better. */
const costOf = (plan: readonly PlanStep[]): number => plan[0]?.figures?.cost ?? complaintsOf(plan)

/** A scan weighs most: it grows with the table. 0 is nothing to complain of. */
function complaintsOf(plan: readonly PlanStep[]): number {
  const steps = stepsOf(plan)
  const automatic = steps.filter(({ isAutomatic }) => isAutomatic).length
  const sorts = steps.filter(({ kind }) => kind === 'sort').length
  return 10 * (fullScansOf(plan).length + automatic) + sorts
}

/**
 * Lists of columns that may help. Columns that are compared with one value stand first, then those that give an order or a range:
 * within one value of the first column, an index has the second one sorted.
 */
function candidatesFor(source: Source, reading: Reading, columns: ReadonlySet<string>): string[][] {
  const own = reading.uses.filter((use) => isOf(use, source, columns))
  const named = (as: Use['as']) => [
    ...new Set(own.filter((use) => use.as === as).map(({ column }) => column)),
  ]
  const [equal, range, order] = [named('equal'), named('range'), named('order')]
  const lists = [
    equal,
    [...equal, ...order],
    [...equal, ...range.slice(0, 1)],
    order,
    range.slice(0, 1),
  ]
  const distinct = new Map(
    lists.map((list) => [...new Set(list)]).map((list) => [list.join(), list]),
  )
  return [...distinct.values()].filter((list) => list.length > 0)
}

/** Names are compared as the database does it: in capitals or not, with quotes or without. */
const isOf = ({ alias = '', column }: Use, source: Source, columns: ReadonlySet<string>) =>
  columns.has(column.toLowerCase()) &&
  ['', source.alias.toLowerCase()].includes(alias.toLowerCase())

const columnsOf = (database: AsyncDatabase, table: string): Promise<ReadonlySet<string>> =>
  namesIn(database, catalog[database.dialect.name].columns, [table])

const indexNames = (database: AsyncDatabase): Promise<ReadonlySet<string>> =>
  namesIn(database, catalog[database.dialect.name].indexes, [])

async function namesIn(
  database: AsyncDatabase,
  sql: string,
  parameters: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await database.values(sql, parameters)
  return new Set(rows.map(([name]) => String(name).toLowerCase()))
}

const catalog = {
  sqlite: {
    columns: 'SELECT name FROM pragma_table_info(?)',
    indexes: "SELECT name FROM sqlite_schema WHERE type = 'index'",
  },
  postgres: {
    columns:
      'SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped',
    indexes: 'SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()',
  },
} as const

/** By the same convention as the migrations of stage 07. */
const indexName = (table: string, columns: readonly string[]) =>
  `ix_${[table, ...columns].join('_')}`

function createIndex(
  table: string,
  columns: readonly string[],
  { quoteIdentifier: quote }: Dialect,
): string {
  const name = quote(indexName(table, columns))
  return `CREATE INDEX ${name} ON ${quote(table)} (${columns.map(quote).join(', ')})`
}
