import type { AsyncConnection } from '#shared/driver/async-driver'

/**
 * Runs a function in a transaction: all of its statements, or none. Not inside of another one.
 *
 * @example
 * await transaction(connection, async () => {
 *   await connection.run('DELETE FROM schema_versions WHERE name = $1', ['0001_create_users'])
 *   await connection.run('INSERT INTO schema_versions …')
 * })
 * // BEGIN
 * // DELETE …
 * // INSERT …
 * // COMMIT
 *
 * @throws whatever the function throws, after ROLLBACK
 */
export async function transaction<T>(
  connection: AsyncConnection,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run('BEGIN')
  return await endAfter(connection, work)
}

/** Ends the transaction that is open: with COMMIT after the work, with ROLLBACK when it fails. */
export async function endAfter<T>(connection: AsyncConnection, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    await connection.run('COMMIT')
    return result
  } catch (error) {
    await undo(connection)
    throw error
  }
}

/** Some errors end the transaction by themselves; ROLLBACK then fails too, and the first error is the one to hear of. */
export async function undo(connection: AsyncConnection): Promise<void> {
  try {
    await connection.run('ROLLBACK')
  } catch {}
}
