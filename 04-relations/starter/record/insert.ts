import type { Dialect } from '#shared/driver/dialect'
import type { Connection } from '#shared/driver/driver'
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
  const row = dehydrate(table, record, connection.dialect)
  // undefined is left out, so that the database fills the column; null is sent, and means NULL.
  const given = table.columns.filter((column) => row[column.index] !== undefined)
  const missing = table.columns.filter((column) => row[column.index] === undefined)
  const [filled = []] = connection.values(
    insertStatement(table, given, missing, connection.dialect),
    given.map((column) => row[column.index] ?? null),
  )
  for (const [i, column] of missing.entries()) {
    const value = filled[i] ?? null
    row[column.index] = value
    Reflect.set(record, column.property, decode(column, value))
  }
  Object.assign(stateOf(record), { status: 'persisted', row })
  return true
}

function insertStatement(
  table: Table,
  given: readonly Column[],
  missing: readonly Column[],
  dialect: Dialect,
): string {
  const names = (columns: readonly Column[]) =>
    columns.map((column) => dialect.quoteIdentifier(column.name)).join(', ')
  const marks = given.map(() => '?').join(', ')
  const values = given.length > 0 ? `(${names(given)}) VALUES (${marks})` : 'DEFAULT VALUES'
  const returning = missing.length > 0 ? ` RETURNING ${names(missing)}` : ''
  return `INSERT INTO ${dialect.quoteIdentifier(table.name)} ${values}${returning}`
}
