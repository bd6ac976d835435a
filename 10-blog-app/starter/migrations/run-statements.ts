import type { AsyncConnection } from '#shared/driver/async-driver'
import { foreignKeysOff, needWholeRows } from './foreign-keys.ts'
import { transaction } from './transaction.ts'

/**
 * Runs the statements of a migration, all or none.
 *
 * @example
 * await runStatements(connection, statements(diff(before, after), before, connection.dialect))
 * // PRAGMA foreign_keys = OFF, where the statements ask for it
 * // BEGIN
 * // …
 * // COMMIT
 *
 * @throws {DanglingRowsError} when a row points to one that is not there any more
 * @throws {DatabaseError} when the database refuses one of them
 */
export async function runStatements(
  connection: AsyncConnection,
  statements: readonly string[],
): Promise<void> {
  const part = { statements }
  await foreignKeysOff(connection, part, () =>
    transaction(connection, async () => {
      for (const sql of statements) await connection.exec(sql)
      await needWholeRows(connection, part)
    }),
  )
}
