import type { AsyncSender } from '#shared/driver/async-driver'
import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import { compile } from '../query/compile.ts'
import type { SelectNode } from '../query/nodes.ts'

/** How rows are kept from others until the transaction ends. */
export interface RowLock {
  /** Passes over the rows that others have locked: several workers share one queue. */
  readonly skipLocked?: boolean
  /** Fails at once, in place of waiting for others. */
  readonly noWait?: boolean
}

/** A session, as far as a lock needs it. */
interface LockingSession {
  readonly connection: AsyncSender
  /** Begins a transaction, when none is open. */
  beginOnce(): Promise<void>
}

/**
 * Reads rows and locks them. A lock lasts as long as its transaction, so one is begun where none is open; whoever asked has to
 * end it.
 *
 * @param table whose rows are locked, where others are joined to it
 *
 * @example
 * await fetchLocked(select, 'accounts', {}, session)
 * // BEGIN
 * // SELECT id, cents FROM accounts WHERE id = $1 FOR UPDATE OF accounts
 */
export async function fetchLocked(
  select: SelectNode,
  table: string,
  lock: RowLock,
  session: LockingSession,
): Promise<Value[][]> {
  // TODO(7): begin, so that the lock lasts. `compile` the SELECT for the dialect of the connection: that gives `sql` and `params`.
  // Put the clause behind the one, and read the values with the other.
  return todo('Task 7: lock the rows')
}

/**
 * What stands at the end of a SELECT that locks its rows. In SQLite nothing: whoever writes has the database for itself.
 *
 * @example
 * lockClause({ skipLocked: true }, 'jobs', postgres) // FOR UPDATE OF jobs SKIP LOCKED
 *
 * @see https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE
 */
export function lockClause(lock: RowLock, table: string, dialect: Dialect): string {
  if (dialect.name === 'sqlite') return ''
  // TODO(7): ' FOR UPDATE OF' and the table, quoted where it must be; then SKIP LOCKED or NOWAIT where that is asked for.
  return todo('Task 7: lock the rows')
}
