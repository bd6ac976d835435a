import type { Dialect } from '#shared/driver/dialect'
import type { Connection, Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { encode, isSame } from '../mapping/hydrate.ts'
import { stateOf } from '../mapping/mapped.ts'
import type { Table } from '../mapping/table.ts'
import type { ActiveRecord } from './active-record.ts'
import { LostRowError } from './errors.ts'
import { keyCondition, keyOfRow, storedKey } from './key.ts'

/** A column whose property differs from the snapshot, and the value that it would have in the database. */
export interface Change {
  readonly column: Column
  readonly value: Value
}

/**
 * Stores what changed since the record was read or written, and nothing else.
 *
 * @example
 * user.name = 'Robert'
 * update(user, User.table, connection)
 * // UPDATE users SET name = ? WHERE id = ?
 *
 * @returns false when nothing had changed and so nothing was sent
 * @throws {LostRowError} when the row is not there any more
 */
export function update(record: ActiveRecord, table: Table, connection: Connection): boolean {
  const changes = changesOf(record, table, connection.dialect)
  if (changes.length === 0) return false
  const state = stateOf(record)
  const parameters = [...changes.map((change) => change.value), ...storedKey(table, state.row)]
  const result = connection.run(updateStatement(table, changes, connection.dialect), parameters)
  if (result.changes === 0) throw new LostRowError(table.name, keyOfRow(table, state.row), 'UPDATE')
  state.row = withChanges(state.row, changes)
  return true
}

/** The difference between a record and its snapshot, compared in the database's own values: so a Date changed in place is seen. */
export function changesOf(record: ActiveRecord, table: Table, dialect: Dialect): Change[] {
  const { row } = stateOf(record)
  return table.columns
    .map((column) => ({
      column,
      value: encode(column, Reflect.get(record, column.property), dialect),
    }))
    .filter(({ column, value }) => !isSame(column, value, row[column.index] ?? null))
}

function updateStatement(table: Table, changes: readonly Change[], dialect: Dialect): string {
  const assignments = changes
    .map(({ column }) => `${dialect.quoteIdentifier(column.name)} = ?`)
    .join(', ')
  return `UPDATE ${dialect.quoteIdentifier(table.name)} SET ${assignments} WHERE ${keyCondition(table, dialect)}`
}

function withChanges(row: readonly Value[], changes: readonly Change[]): Value[] {
  const next = [...row]
  for (const { column, value } of changes) next[column.index] = value
  return next
}
