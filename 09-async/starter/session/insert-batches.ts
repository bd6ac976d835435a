import type { AsyncSender } from '#shared/driver/async-driver'
import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import type { Column } from '../mapping/column.ts'
import { bigint, integer } from '../mapping/column-types.ts'
import type { Part } from '../mapping/inheritance.ts'
import type { Change, Insert } from './change-set.ts'
import type { Row, Statement } from './statements.ts'

// On a network each statement costs a round trip, so many rows go in one. SQLite has no network: a cached statement for each row
// is as fast there.

/** A row that is completed while it is written. */
type OpenRow = (Value | undefined)[]

/** Inserts that go in one statement. */
export class InsertRun {
  readonly changes: Insert[]
  readonly #objects: Set<object>
  readonly #room: number

  constructor(first: Insert, { maxParameters }: Dialect) {
    this.changes = [first]
    this.#objects = new Set([first.object])
    this.#room = Math.floor(maxParameters / first.mapping.columns.length)
  }

  /** Takes a change in, where it fits. */
  takes(change: Change): boolean {
    if (!this.#fits(change)) return false
    this.changes.push(change)
    this.#objects.add(change.object)
    return true
  }

  /** Who points to a row of the run has to wait until its key is known. */
  #fits(change: Change): change is Insert {
    const first = this.changes[0]!
    if (change.kind !== 'insert' || change.mapping !== first.mapping) return false
    // TODO(6): is there room for one more (`#room`)? Has it values for the same columns (`hasSameColumns`)? Its `references` are
    // keys that it waits for: is any of them the key of one of `#objects`, as `target`? Then it has to wait for the next run.
    return todo('Task 6: many rows at once')
  }
}

/**
 * Rows in several tables go one by one, and so do those that could not be told from each other when they come back. SQLite says the
 * key of each row, and nothing else.
 */
export function canShare(change: Change, dialect: Dialect): change is Insert {
  if (change.kind !== 'insert' || change.mapping.parts.length > 1) return false
  const [part] = change.mapping.parts
  const missing = part!.columns.filter((column) => isMissing(change, column))
  const isKnown = missing.every(({ isGenerated }) => isGenerated)
  return isKnown || (dialect.name !== 'sqlite' && hasWholeNumber(part!))
}

/** A whole number comes back as it was sent; a text may come back in another spelling. */
const hasWholeNumber = ({ key: [key, ...more] }: Part): boolean =>
  more.length === 0 && (key?.type === integer || key?.type === bigint)

/** A loop and not `every`: it runs for every object of a flush. */
function hasSameColumns(one: Insert, other: Insert): boolean {
  for (const column of one.mapping.columns)
    if (isMissing(one, column) !== isMissing(other, column)) return false
  return true
}

const isMissing = ({ row, references }: Insert, column: Column): boolean =>
  row[column.index] === undefined && !references.has(column)

/**
 * Stores rows in one statement, and completes them with what the database has filled in. The keys are fetched before: which of
 * the rows that RETURNING gives is which, nobody promises.
 *
 * @param rows all with values for the same columns
 * @returns false when nothing was sent, because the database has no sequence for the key
 *
 * @example
 * await insertRows(User.mapping.parts[0], [[undefined, 'Alice'], [undefined, 'Bob']], connection)
 * // SELECT nextval(pg_get_serial_sequence($1, $2)) FROM generate_series(1, $3::integer)
 * // INSERT INTO users (id, name) OVERRIDING SYSTEM VALUE VALUES ($1, $2), ($3, $4)
 *
 * @see https://www.postgresql.org/docs/current/functions-sequence.html
 */
export async function insertRows(
  part: Part,
  rows: readonly OpenRow[],
  connection: AsyncSender,
): Promise<boolean> {
  const key = openKeyOf(part, rows[0]!)
  // TODO(6): when there is such a key, take keys for the rows. If that gives none: false, and nothing is sent. Which columns are
  // open after that (`missingIn`)? `insertManyOf` makes the statement. Where columns are missing it gives them back: `complete` the rows.
  return todo('Task 6: many rows at once')
}

/** The key that the database makes, when the row does not have it yet. */
export const openKeyOf = (part: Part, row: Row): Column | undefined =>
  part.columns.find(({ isGenerated, index }) => isGenerated && isOpen(row, index))

const isOpen = (row: Row, index: number): boolean => row[index] === undefined

async function takeKeys(
  key: Column,
  rows: readonly OpenRow[],
  connection: AsyncSender,
): Promise<boolean> {
  const { sql, parameters } = takeKeysOf(key, rows.length, connection.dialect)
  // TODO(6): send it. It gives a row with one value for each: put it into its place, `row[key.index]`. Where the column has no
  // sequence, that value is null: give false.
  return todo('Task 6: many rows at once')
}

/** Takes so many keys from the sequence of a column. */
export const takeKeysOf = (key: Column, count: number, dialect: Dialect): Statement => ({
  sql: 'SELECT nextval(pg_get_serial_sequence($1, $2)) FROM generate_series(1, $3::integer)',
  parameters: [dialect.quoteIdentifier(key.table), key.name, count],
})

/** OVERRIDING SYSTEM VALUE: a key that the database always makes by itself is taken as well, since it did make it. */
export function insertManyOf(part: Part, rows: readonly Row[], dialect: Dialect): Statement {
  const missing = missingIn(part, rows[0]!)
  const names = (columns: readonly Column[]) =>
    columns.map(({ name }) => dialect.quoteIdentifier(name)).join(', ')
  const given = part.columns.filter((column) => !missing.includes(column))
  const values = rows.map((_, i) => `(${marks(i * given.length, given.length, dialect)})`)
  const returning = missing.length > 0 ? ` RETURNING ${names([...part.key, ...missing])}` : ''
  return {
    sql:
      `INSERT INTO ${dialect.quoteIdentifier(part.table)} (${names(given)}) ` +
      `OVERRIDING SYSTEM VALUE VALUES ${values.join(', ')}${returning}`,
    parameters: rows.flatMap((row) => given.map(({ index }) => row[index] ?? null)),
  }
}

const missingIn = ({ columns }: Part, row: Row): Column[] =>
  columns.filter(({ index }) => isOpen(row, index))

const marks = (before: number, count: number, { placeholder }: Dialect): string =>
  Array.from({ length: count }, (_, i) => placeholder(before + i + 1)).join(', ')

/** What the database has filled in finds its row by the key. */
function complete(
  rows: readonly OpenRow[],
  { key: [key] }: Part,
  missing: readonly Column[],
  found: readonly Value[][],
): void {
  // TODO(6): each of `found` begins with the key; behind it stand the values of the missing columns, in their order. In which order
  // the rows come, nobody promises: find the one for each row by its key. (It may be a number here and a bigint there: compare texts.)
  todo('Task 6: many rows at once')
}
