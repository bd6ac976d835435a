import { type Database, exec } from './database.ts'
import { sqlite3_get_autocommit } from './sqlite3.ts'

/**
 * Runs `work` so that all of its statements count, or none. Transactions do not nest.
 *
 * @example
 * transaction(db, () => {
 *   deleteUser(db, 2)
 *   createUser(db, 'Robert', 'bob@example.com')
 * })
 * // BEGIN IMMEDIATE · DELETE … · INSERT … · COMMIT
 *
 * @throws {BusyError} when another connection is writing
 */
export function transaction<Result>(db: Database, work: () => Result): Result {
  exec(db, 'BEGIN IMMEDIATE')
  try {
    const result = work()
    exec(db, 'COMMIT')
    return result
  } catch (error) {
    // After some failures, such as a full disk, SQLite has rolled back by itself.
    if (!sqlite3_get_autocommit(db.pointer)) exec(db, 'ROLLBACK')
    throw error
  }
}
