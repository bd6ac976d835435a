import type { RecordedDatabase } from '#shared/driver/async-recorder'
import type { Statement } from '#shared/driver/recorder'
import { brief, briefSite } from './brief.ts'
import { groupStatements } from './groups.ts'

/**
 * Runs something that may send so many statements and no more or less, and gives its result. For tests: an N+1 that creeps in
 * fails the test on the day it does. BEGIN and COMMIT count too: each is a round trip.
 *
 * @param db what others send through it meanwhile is counted with it
 *
 * @example
 * const page = await expectQueries(db, 2, () => authorsPage(session))
 *
 * @throws {QueryCountError} when the number is another one
 */
export async function expectQueries<T>(
  db: RecordedDatabase,
  expected: number,
  run: () => T | PromiseLike<T>,
): Promise<T> {
  const before = db.sent
  const result = await run()
  const sent = db.sent - before
  if (sent !== expected) throw new QueryCountError(expected, sent, last(db.statements, sent))
  return result
}

/** Another number of statements was sent than a test expects. */
export class QueryCountError extends Error {
  override readonly name = 'QueryCountError'
  readonly expected: number
  /** Those that were sent, as far as the recorder has kept them. */
  readonly statements: readonly Statement[]

  constructor(expected: number, sent: number, statements: readonly Statement[]) {
    super(
      `${count(expected)} expected, and ${sent} sent. ` +
        'Too many usually come from a relation that is touched in a loop; too few from a result that was cached. ' +
        `Look at the lines that asked, and say there what is needed: with(…).\n${list(statements)}`,
    )
    this.expected = expected
    this.statements = statements
  }
}

const last = <T>(list: readonly T[], count: number): T[] =>
  list.slice(Math.max(0, list.length - count))

const count = (statements: number) =>
  statements === 1 ? '1 statement' : `${statements} statements`

const list = (statements: readonly Statement[]) =>
  groupStatements(statements)
    .map(
      ({ fingerprint, callSite, statements }) =>
        `  ${statements.length} × ${brief(fingerprint)}\n      ${briefSite(callSite)}`,
    )
    .join('\n')
