import type { Connection } from '#shared/driver/driver'

/**
 * Runs the statements of a migration, all or none. `PRAGMA foreign_keys` does nothing inside a transaction, so what
 * stands at the edges of the list is sent outside of it: a table that SQLite rebuilds would lose its children otherwise.
 *
 * @param before runs in the same transaction, before the statements: takes the lock, looks whether they still have to run
 * @param after runs in the same transaction, after them: writes the history
 */
export function runStatements(
  _connection: Connection,
  _statements: readonly string[],
  _around: { before?: () => void; after?: () => void } = {},
): void {
  throw new Error('not written')
}
