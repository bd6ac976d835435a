import type { Connection } from '#shared/driver/driver'
import { transaction } from '#shared/driver/transaction'
import { foreignKeysOff, needWholeRows } from './foreign-keys.ts'

/**
 * Runs the statements of a migration, all or none.
 *
 * @example
 * runStatements(connection, statements(diff(before, after), before, connection.dialect))
 * // PRAGMA foreign_keys = OFF, where the statements ask for it
 * // BEGIN
 * // …
 * // COMMIT
 *
 * @throws {DanglingRowsError} when a row points to one that is not there any more
 * @throws {DatabaseError} when the database refuses one of them
 */
export function runStatements(connection: Connection, statements: readonly string[]): void {
  const part = { statements }
  foreignKeysOff(connection, part, () =>
    transaction(connection, () => {
      for (const sql of statements) connection.exec(sql)
      needWholeRows(connection, part)
    }),
  )
}
