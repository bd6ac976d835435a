import type { Dialect } from '#shared/driver/dialect'

/** How rows are kept from others until the transaction ends. */
export interface RowLock {
  /** Passes over the rows that others have locked: several workers share one queue. */
  readonly skipLocked?: boolean
  /** Fails at once, in place of waiting for others. */
  readonly noWait?: boolean
}

/**
 * What stands at the end of a SELECT that locks its rows. In SQLite nothing: whoever writes has the database for itself.
 *
 * @param table whose rows are locked, where others are joined to it
 *
 * @example
 * lockClause({ skipLocked: true }, 'jobs', postgres) // FOR UPDATE OF jobs SKIP LOCKED
 *
 * @see https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE
 */
export function lockClause(lock: RowLock, table: string, dialect: Dialect): string {
  if (dialect.name === 'sqlite') return ''
  const words = [' FOR UPDATE OF', dialect.quoteIdentifier(table)]
  if (lock.skipLocked) words.push('SKIP LOCKED')
  if (lock.noWait) words.push('NOWAIT')
  return words.join(' ')
}
