import type { AsyncSender } from '#shared/driver/async-driver'
import type { RunResult, Value } from '#shared/driver/driver'
import { inBatches } from './batches.ts'
import { type CompiledQuery, compile } from './compile.ts'
import type { OutputNode } from './nodes.ts'
import { readRow } from './read-row.ts'
import type { ResultQuery } from './result-query.ts'

// The one file of the query builder that talks to a database.

/**
 * Every row of a query, or of a write with `returning`.
 *
 * @example
 * await fetchAll(connection, from(User).where((u) => u.age.gt(18)).select((u) => ({ name: u.name }))) // [{ name: 'Alice' }, …]
 * // SELECT name FROM users WHERE age > ?
 *
 * @throws {UnreadableValueError} or {UnreadableResultError} when a value cannot be read as its type
 */
export const fetchAll = async <Result>(
  connection: AsyncSender,
  query: ResultQuery<Result>,
): Promise<Result[]> => readRows(query, await fetchRows(connection, query))

/** The rows of a query as objects: for those who have them from elsewhere. */
export function readRows<Result>(
  query: ResultQuery<Result>,
  rows: readonly (readonly Value[])[],
): Result[] {
  const outputs = outputsOf(query)
  return rows.map((row) => readRow(outputs, row) as Result)
}

/** The rows of a query as the driver gives them, each in the order of the select list: for those who read them otherwise. */
export const fetchRows = async (
  connection: AsyncSender,
  query: ResultQuery<unknown>,
): Promise<Value[][]> =>
  inOne(await send(connection, query, ({ sql, params }) => connection.values(sql, params)))

/** Nearly every query is one statement, and its rows need not be copied. */
const inOne = <T>(batches: T[][]): T[] => (batches.length === 1 ? batches[0]! : batches.flat())

/** The first row of a query, or undefined. It does not limit the query: that is for `limit(1)`. */
export const fetchFirst = async <Result>(
  connection: AsyncSender,
  query: ResultQuery<Result>,
): Promise<Result | undefined> => (await fetchAll(connection, query))[0]

/**
 * Sends a write for its effect. The rows of an INSERT that has no room in one statement go in several: send them in a transaction.
 *
 * @example
 * await execute(connection, deleteFrom(Post).where((p) => p.published.eq(false))) // { changes: 1, lastInsertId: 3 }
 * // DELETE FROM posts WHERE published = ?
 *
 * @throws {MissingWhereError} when an UPDATE or DELETE would meet every row and nobody asked for that
 * @throws {DatabaseError} when the database refuses it
 */
export async function execute(
  connection: AsyncSender,
  write: ResultQuery<never>,
): Promise<RunResult> {
  const results = await send(connection, write, ({ sql, params }) => connection.run(sql, params))
  return {
    changes: results.reduce((sum, { changes }) => sum + changes, 0),
    lastInsertId: results.at(-1)?.lastInsertId ?? 0,
  }
}

async function send<T>(
  { dialect }: AsyncSender,
  { node }: ResultQuery<unknown>,
  sendOne: (compiled: CompiledQuery) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  for (const one of inBatches(node, dialect)) results.push(await sendOne(compile(one, dialect)))
  return results
}

const outputsOf = ({ node }: ResultQuery<unknown>): readonly OutputNode[] =>
  'outputs' in node ? node.outputs : node.returning
