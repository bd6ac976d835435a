import type { Dialect } from '#shared/driver/dialect'
import type { Connection, Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { decode, dehydrate } from '../mapping/hydrate.ts'
import { stateOf } from '../mapping/mapped.ts'
import type { Table } from '../mapping/table.ts'
import type { ActiveRecord } from './active-record.ts'

/**
 * Stores a new record and gives it the key that the database made.
 *
 * @example
 * insert(new User({ name: 'Bob', email: 'bob@example.com' }), User.table, connection)
 * // INSERT INTO users (name, email) VALUES (?, ?)
 *
 * @throws {InvalidValueError} when a property holds what its column does not take
 */
export function insert(record: ActiveRecord, table: Table, connection: Connection): boolean {
  const row = dehydrate(table, record, connection.dialect)
  // undefined is left out, so that the database fills the column; null is sent, and means NULL.
  const columns = table.columns.filter((column) => row[column.index] !== undefined)
  const { lastInsertId } = connection.run(
    insertStatement(table, columns, connection.dialect),
    columns.map((column) => row[column.index] ?? null),
  )
  takeGeneratedKey(record, table, row, lastInsertId)
  Object.assign(stateOf(record), { status: 'persisted', row: row.map((value) => value ?? null) })
  return true
}

function insertStatement(table: Table, columns: readonly Column[], dialect: Dialect): string {
  const into = `INSERT INTO ${dialect.quoteIdentifier(table.name)}`
  if (columns.length === 0) return `${into} DEFAULT VALUES`
  const names = columns.map((column) => dialect.quoteIdentifier(column.name)).join(', ')
  return `${into} (${names}) VALUES (${columns.map(() => '?').join(', ')})`
}

function takeGeneratedKey(
  record: ActiveRecord,
  table: Table,
  row: (Value | undefined)[],
  id: Value,
): void {
  const key = table.primaryKey.find(
    (column) => column.isGenerated && row[column.index] === undefined,
  )
  if (!key) return
  row[key.index] = id
  Object.assign(record, { [key.property]: decode(key, id) })
}
