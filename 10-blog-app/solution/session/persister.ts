import type { AsyncSender } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import type { Mapping } from '../mapping/inheritance.ts'
import type { PairedRelation } from '../relations/relation.ts'
import {
  type Assignment,
  deletePairOf,
  deletesOf,
  type InsertStatement,
  insertOf,
  insertPairOf,
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
export async function insertRow(
  { parts }: Mapping,
  row: (Value | undefined)[],
  connection: AsyncSender,
): Promise<void> {
  for (const part of parts) await complete(row, insertOf(part, row, connection.dialect), connection)
}

async function complete(
  row: (Value | undefined)[],
  { sql, parameters, missing, lastId }: InsertStatement,
  connection: AsyncSender,
): Promise<void> {
  if (lastId) row[lastId.index] = (await connection.run(sql, parameters)).lastInsertId
  else if (missing.length === 0) await connection.run(sql, parameters)
  else {
    const [filled = []] = await connection.values(sql, parameters)
    for (const [i, column] of missing.entries()) row[column.index] = filled[i] ?? null
  }
}

/**
 * Changes some columns of a row.
 *
 * @param row the snapshot: it says which row is meant
 * @returns whether the row was there
 */
export async function updateRow(
  mapping: Mapping,
  row: readonly Value[],
  assignments: readonly Assignment[],
  connection: AsyncSender,
): Promise<boolean> {
  const statements = updatesOf(mapping, row, assignments, connection.dialect)
  return await everyMeetsItsRow(statements, connection)
}

/** @returns whether the row was there */
export async function deleteRow(
  mapping: Mapping,
  row: readonly Value[],
  connection: AsyncSender,
): Promise<boolean> {
  const statements = deletesOf(mapping, row, connection.dialect)
  return await everyMeetsItsRow(statements, connection)
}

async function everyMeetsItsRow(
  statements: readonly Statement[],
  connection: AsyncSender,
): Promise<boolean> {
  for (const { sql, parameters } of statements)
    if ((await connection.run(sql, parameters)).changes === 0) return false
  return true
}

/** Stores a pair. @param keys of the owner, and of the target */
export async function insertPair(
  relation: PairedRelation,
  keys: readonly Value[],
  connection: AsyncSender,
): Promise<void> {
  const { sql, parameters } = insertPairOf(relation, keys, connection.dialect)
  await connection.run(sql, parameters)
}

/** Ends a pair. It is no matter when somebody else was quicker. */
export async function deletePair(
  relation: PairedRelation,
  keys: readonly Value[],
  connection: AsyncSender,
): Promise<void> {
  const { sql, parameters } = deletePairOf(relation, keys, connection.dialect)
  await connection.run(sql, parameters)
}
