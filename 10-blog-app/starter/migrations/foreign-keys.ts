import type { AsyncConnection } from '#shared/driver/async-driver'
import type { Part } from './migration-file.ts'
import { DanglingRowsError } from './tool-errors.ts'

type Statements = Pick<Part, 'statements'>

/**
 * Works with SQLite's foreign keys off, when the part says so with a PRAGMA, and puts them back as they were.
 * The PRAGMA does nothing inside a transaction, so it has to be sent before BEGIN: a table that is dropped with
 * foreign keys on takes the rows of its children with it.
 */
export async function foreignKeysOff<T>(
  connection: AsyncConnection,
  part: Statements,
  work: () => Promise<T>,
): Promise<T> {
  if (!switchesForeignKeys(part)) return await work()
  const before = (await connection.get('PRAGMA foreign_keys'))?.foreign_keys
  await connection.run('PRAGMA foreign_keys = OFF')
  try {
    return await work()
  } finally {
    await connection.run(`PRAGMA foreign_keys = ${Number(before)}`)
    await connection.run('PRAGMA legacy_alter_table = OFF') // a rebuild that failed has left it on: no ROLLBACK reaches a PRAGMA
  }
}

/**
 * Checks at the end of a transaction what was not checked while foreign keys were off.
 *
 * @throws {DanglingRowsError} when a row points to one that is not there
 */
export async function needWholeRows(connection: AsyncConnection, part: Statements): Promise<void> {
  if (!switchesForeignKeys(part)) return
  const lost = await connection.all('PRAGMA foreign_key_check')
  if (lost.length > 0)
    throw new DanglingRowsError(lost.map(({ table, rowid }) => `${table} (rowid ${rowid})`))
}

const switchesForeignKeys = ({ statements }: Statements) =>
  statements.some((sql) => /^PRAGMA\s+foreign_keys\b/i.test(sql))
