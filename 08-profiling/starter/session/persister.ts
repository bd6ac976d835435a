import type { Connection, Value } from '#shared/driver/driver'
import type { Mapping } from '../mapping/inheritance.ts'
import type { PairedRelation } from '../relations/relation.ts'
import {
  type Assignment,
  deletePairOf,
  deletesOf,
  type InsertStatement,
  insertOf,
  insertPairOf,
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
  { sql, parameters, returning, lastId }: InsertStatement,
  connection: Connection,
): void {
  if (returning.length > 0) {
    const [filled = []] = connection.values(sql, parameters)
    for (const [i, column] of returning.entries()) row[column.index] = filled[i] ?? null
    return
  }
  const { lastInsertId } = connection.run(sql, parameters)
  if (lastId) row[lastId.index] = lastInsertId
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
  const statements = updatesOf(mapping, row, assignments, connection.dialect)
  return statements.every(({ sql, parameters }) => connection.run(sql, parameters).changes > 0)
}

/** @returns whether the row was there */
export function deleteRow(
  mapping: Mapping,
  row: readonly Value[],
  connection: Connection,
): boolean {
  const statements = deletesOf(mapping, row, connection.dialect)
  return statements.every(({ sql, parameters }) => connection.run(sql, parameters).changes > 0)
}

/** Stores a pair. @param keys of the owner, and of the target */
export function insertPair(
  relation: PairedRelation,
  keys: readonly Value[],
  connection: Connection,
): void {
  const { sql, parameters } = insertPairOf(relation, keys, connection.dialect)
  connection.run(sql, parameters)
}

/** Ends a pair. It is no matter when somebody else was quicker. */
export function deletePair(
  relation: PairedRelation,
  keys: readonly Value[],
  connection: Connection,
): void {
  const { sql, parameters } = deletePairOf(relation, keys, connection.dialect)
  connection.run(sql, parameters)
}
