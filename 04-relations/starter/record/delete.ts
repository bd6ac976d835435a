import type { Connection } from '#shared/driver/driver'
import { stateOf } from '../mapping/mapped.ts'
import type { Table } from '../mapping/table.ts'
import type { ActiveRecord } from './active-record.ts'
import { LostRowError } from './errors.ts'
import { keyCondition, keyOfRow, storedKey } from './key.ts'

/**
 * Removes the record's row. The object stays as it was, and remembers that it is deleted.
 *
 * @example
 * remove(user, User.table, connection)
 * // DELETE FROM users WHERE id = ?
 *
 * @throws {LostRowError} when the row is not there any more
 * @throws {ForeignKeyViolation} when other rows point to it
 */
export function remove(record: ActiveRecord, table: Table, connection: Connection): boolean {
  const state = stateOf(record)
  const { dialect } = connection
  const { changes } = connection.run(
    `DELETE FROM ${dialect.quoteIdentifier(table.name)} WHERE ${keyCondition(table, dialect)}`,
    storedKey(table, state.row),
  )
  if (changes === 0) throw new LostRowError(table.name, keyOfRow(table, state.row), 'DELETE')
  state.status = 'deleted'
  return true
}
