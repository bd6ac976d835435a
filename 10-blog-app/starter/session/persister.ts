import type { AsyncSender, AsyncWriter } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import type { Mapping, Part } from '../mapping/inheritance.ts'
import type { PairedRelation } from '../relations/relation.ts'
import type { Update } from './change-set.ts'
import {
  type Assignment,
  deletePairOf,
  deletesOf,
  type InsertStatement,
  insertOf,
  insertPairOf,
  type Statement,
  updatesOf,
  valuesIn,
} from './statements.ts'

// Writes rows. What it means for their objects is not decided here.

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

/**
 * Stores rows with a statement for each, in one call: for databases that say the key of each row.
 *
 * @param rows all with values for the same columns
 * @returns true: it is always possible
 */
export async function insertEach(
  part: Part,
  rows: readonly (Value | undefined)[][],
  connection: AsyncWriter,
): Promise<boolean> {
  const { sql, given, lastId } = insertOf(part, rows[0]!, connection.dialect)
  const lists = rows.map((row) => valuesIn(row, given))
  const results = await connection.runMany(sql, lists)
  if (lastId) for (const [i, row] of rows.entries()) row[lastId.index] = results[i]!.lastInsertId
  return true
}

/**
 * Changes the same columns of several rows of one table, with a statement for each, in one call.
 *
 * @param rows the snapshots: they say which rows are meant
 * @returns for each whether it was there
 */
export async function updateEach(
  updates: readonly Update[],
  rows: readonly (readonly Value[])[],
  connection: AsyncWriter,
): Promise<boolean[]> {
  const statements = updates.map(({ mapping, assignments }, i) => {
    const [statement] = updatesOf(mapping, rows[i]!, assignments, connection.dialect)
    return statement!
  })
  const lists = statements.map(({ parameters }) => parameters)
  const results = await connection.runMany(statements[0]!.sql, lists)
  return results.map(({ changes }) => changes > 0)
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
