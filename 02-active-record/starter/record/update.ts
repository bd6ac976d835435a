import type { Dialect } from '#shared/driver/dialect'
import type { Connection, Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
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
  // TODO(6): send the changes, if there are any; report a row that is gone; move the snapshot on.
  return todo('Task 6: update only what changed')
}

/** The difference between a record and its snapshot, compared in the database's own values: so a Date changed in place is seen. */
export function changesOf(record: ActiveRecord, table: Table, dialect: Dialect): Change[] {
  // TODO(6): encode every property, and keep those that are not the same as in the snapshot.
  return todo('Task 6: update only what changed')
}

function updateStatement(table: Table, changes: readonly Change[], dialect: Dialect): string {
  // TODO(6): UPDATE … SET name = ?, … WHERE the key.
  return todo('Task 6: update only what changed')
}

function withChanges(row: readonly Value[], changes: readonly Change[]): Value[] {
  const next = [...row]
  for (const { column, value } of changes) next[column.index] = value
  return next
}
