import type { Connection, Value } from '#shared/driver/driver'
import type { Mapping } from '../mapping/inheritance.ts'
import {
  type Assignment,
  deletesOf,
  type InsertStatement,
  insertOf,
  type Statement,
  updatesOf,
} from './statements.ts'

// Writes one row. What it means for the object is not decided here.

/**
 * Stores a row, and completes it with what the database has filled in.
 *
 * @example
 * insertRow(User.mapping, [undefined, 'Bob', 'bob@example.com'], connection) // the row holds the id afterwards
 * // INSERT INTO users (name, email) VALUES (?, ?)
 */
export function insertRow(
  { parts }: Mapping,
  row: (Value | undefined)[],
  connection: Connection,
): void {
  for (const part of parts) complete(row, insertOf(part, row, connection.dialect), connection)
}

function complete(
  row: (Value | undefined)[],
  { sql, parameters, missing, lastId }: InsertStatement,
  connection: Connection,
): void {
  if (lastId) row[lastId.index] = connection.run(sql, parameters).lastInsertId
  else if (missing.length === 0) connection.run(sql, parameters)
  else {
    const [filled = []] = connection.values(sql, parameters)
    for (const [i, column] of missing.entries()) row[column.index] = filled[i] ?? null
  }
}

/**
 * Changes some columns of a row.
 *
 * @param row the snapshot: it says which row is meant
 * @returns whether the row was there
 */
export function updateRow(
  mapping: Mapping,
  row: readonly Value[],
  assignments: readonly Assignment[],
  connection: Connection,
): boolean {
  return everyMeetsItsRow(updatesOf(mapping, row, assignments, connection.dialect), connection)
}

/** @returns whether the row was there */
export function deleteRow(
  mapping: Mapping,
  row: readonly Value[],
  connection: Connection,
): boolean {
  return everyMeetsItsRow(deletesOf(mapping, row, connection.dialect), connection)
}

function everyMeetsItsRow(statements: readonly Statement[], connection: Connection): boolean {
  for (const { sql, parameters } of statements)
    if (connection.run(sql, parameters).changes === 0) return false
  return true
}
