import { createBlog } from '#shared/blog/blog'
import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'

/**
 * Opens a fresh blog in memory: tables and rows are there, and only what is sent from now on is recorded.
 *
 * @example
 * const db = openBlog()
 * db.get('SELECT name FROM users WHERE id = ?', [1]) // { name: 'Alice' }
 * expect(db).toHaveSent(['SELECT users'])
 */
export function openBlog(): RecordedConnection {
  const connection = openSqlite()
  createBlog(connection)
  return record(connection)
}
