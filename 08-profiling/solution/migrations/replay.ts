import type { Connection } from '#shared/driver/driver'
import { openSqlite } from '#shared/driver/sqlite'
import { inspect } from './inspect.ts'
import type { Migration } from './migration-file.ts'
import type { Schema } from './schema.ts'

/**
 * The schema that the files alone make: all of them run in an empty place, which is thrown away afterwards.
 * On SQLite that is a database in memory, on PostgreSQL a schema beside the others.
 *
 * @example
 * replay(migrations, connection)
 * // CREATE SCHEMA migrations_replay; SET search_path TO migrations_replay; …; DROP SCHEMA migrations_replay CASCADE
 */
export function replay(migrations: readonly Migration[], connection: Connection): Schema {
  return connection.dialect.name === 'sqlite'
    ? replayInMemory(migrations)
    : replayBeside(migrations, connection)
}

function replayInMemory(migrations: readonly Migration[]): Schema {
  const scratch = openSqlite()
  try {
    return build(migrations, scratch)
  } finally {
    scratch.close()
  }
}

function replayBeside(migrations: readonly Migration[], connection: Connection): Schema {
  const [[path]] = connection.values("SELECT current_setting('search_path')") as [[string]]
  connection.exec(
    `${dropReplay}; CREATE SCHEMA migrations_replay; SET search_path TO migrations_replay`,
  )
  try {
    return build(migrations, connection)
  } finally {
    connection.exec(`SET search_path TO ${path}; ${dropReplay}`)
  }
}

const dropReplay = 'DROP SCHEMA IF EXISTS migrations_replay CASCADE'

function build(migrations: readonly Migration[], connection: Connection): Schema {
  for (const { up } of migrations) for (const sql of up.statements) connection.exec(sql)
  return inspect(connection)
}
