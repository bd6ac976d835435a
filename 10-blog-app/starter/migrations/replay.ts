import type { AsyncConnection } from '#shared/driver/async-driver'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { inspect } from './inspect.ts'
import type { Migration } from './migration-file.ts'
import type { Schema } from './schema.ts'

/**
 * The schema that the files alone make: all of them run in an empty place, and nothing of it stays.
 * On SQLite that is a database in memory; on PostgreSQL a schema of its own, in a transaction that is rolled back.
 *
 * @example
 * await replay(migrations, connection)
 * // BEGIN; CREATE SCHEMA migrations_replay; SET LOCAL search_path TO migrations_replay
 * // CREATE TABLE users (…)
 * // ROLLBACK
 *
 * @throws {DatabaseError} when a file does not run in an empty place
 */
export function replay(
  migrations: readonly Migration[],
  connection: AsyncConnection,
): Promise<Schema> {
  return connection.dialect.name === 'sqlite'
    ? replayInMemory(migrations)
    : replayBeside(migrations, connection)
}

async function replayInMemory(migrations: readonly Migration[]): Promise<Schema> {
  await using database = openSqliteAsync()
  await using scratch = await database.connect()
  for (const sql of statementsOf(migrations)) await scratch.exec(sql)
  return await inspect(scratch)
}

async function replayBeside(
  migrations: readonly Migration[],
  connection: AsyncConnection,
): Promise<Schema> {
  await connection.run('BEGIN')
  try {
    await connection.run('CREATE SCHEMA migrations_replay')
    await connection.run('SET LOCAL search_path TO migrations_replay')
    for (const sql of statementsOf(migrations))
      if (!isVacuum(sql)) await connection.exec(unhurried(sql))
    return await inspect(connection)
  } finally {
    await connection.run('ROLLBACK')
  }
}

const statementsOf = (migrations: readonly Migration[]) =>
  migrations.flatMap(({ up }) => up.statements)

/** Nobody writes into an empty table, so the index may be built in the transaction. */
const unhurried = (sql: string) =>
  sql.replace(/^((?:CREATE|DROP)\b.*?INDEX)\s+CONCURRENTLY\b/is, '$1')

/** It changes no schema, and no transaction takes it. */
const isVacuum = (sql: string) => /^VACUUM\b/i.test(sql)
