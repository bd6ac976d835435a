import type { Dialect } from '#shared/driver/dialect'
import type { Connection } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import type { Column } from '../mapping/column.ts'
import { decode, dehydrate } from '../mapping/hydrate.ts'
import { stateOf } from '../mapping/mapped.ts'
import type { Table } from '../mapping/table.ts'
import type { ActiveRecord } from './active-record.ts'

/**
 * Stores a new record. What it leaves out, the database fills in and gives back: the key above all.
 *
 * @example
 * insert(new User({ name: 'Bob', email: 'bob@example.com' }), User.table, connection)
 * // INSERT INTO users (name, email) VALUES (?, ?) RETURNING id
 *
 * @returns true: a statement was sent
 * @throws {InvalidValueError} when a property holds what its column does not take
 * @throws {UniqueViolation} and the other violations, when the database refuses the row
 */
export function insert(record: ActiveRecord, table: Table, connection: Connection): boolean {
  // TODO(3): send what the record holds, take back what the database filled in, and remember the row.
  return todo('Task 3: insert a new record')
}

function insertStatement(
  table: Table,
  given: readonly Column[],
  missing: readonly Column[],
  dialect: Dialect,
): string {
  // TODO(3): INSERT INTO … (…) VALUES (?, …) RETURNING …; without any given column, DEFAULT VALUES.
  return todo('Task 3: insert a new record')
}
