import { sqlite } from '#shared/driver/dialect'
import type { Connection } from '#shared/driver/driver'
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
 * @example
 * proposeIndexes(connection, { sql: 'SELECT * FROM posts WHERE user_id = ?', parameters: [1] })
 * // [{ sql: 'CREATE INDEX ix_posts_user_id ON posts (user_id)', before: [SCAN posts], after: [SEARCH posts USING INDEX …] }]
 */
export function proposeIndexes(connection: Connection, question: Question): Proposal[] {
  const before = explainPlan(connection, question)
  if (costOf(before) === 0) return []
  const reading = readStatement(question.sql)
  const best = reading.sources.flatMap((source) => {
    const tried = newIndexes(connection, source, reading).map((sql) => {
      return { sql, before, after: explainWith(connection, sql, question) }
    })
    const better = tried.filter(({ after }) => costOf(after) < costOf(before))
    return better.toSorted((a, b) => costOf(a.after) - costOf(b.after)).slice(0, 1)
  })
  return [...new Map(best.map((proposal) => [proposal.sql, proposal])).values()]
}

/** What may help, as far as it is not there already. */
function newIndexes(connection: Connection, source: Source, reading: Reading): string[] {
  const columns = columnsOf(connection, source.table)
  return candidatesFor(source, reading, columns)
    .filter((candidate) => !hasIndex(connection, indexName(source.table, candidate)))
    .map((candidate) => createIndex(source.table, candidate))
}

const hasIndex = (connection: Connection, name: string) =>
  connection.get('SELECT 1 FROM sqlite_schema WHERE name = ?', [name]) !== undefined

/** A scan costs most: it grows with the table. Lower is better, and 0 is nothing to complain of. */
function costOf(plan: readonly PlanStep[]): number {
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

const columnsOf = (connection: Connection, table: string): ReadonlySet<string> =>
  new Set(
    connection
      .all('SELECT name FROM pragma_table_info(?)', [table])
      .map(({ name }) => String(name).toLowerCase()),
  )

/** By the same convention as the migrations of stage 07. */
const indexName = (table: string, columns: readonly string[]) =>
  `ix_${[table, ...columns].join('_')}`

function createIndex(table: string, columns: readonly string[]): string {
  const quote = sqlite.quoteIdentifier
  const name = quote(indexName(table, columns))
  return `CREATE INDEX ${name} ON ${quote(table)} (${columns.map(quote).join(', ')})`
}
