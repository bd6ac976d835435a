import type { Connection } from '#shared/driver/driver'
import type { Part } from './migration-file.ts'
import { DanglingRowsError } from './tool-errors.ts'

type Statements = Pick<Part, 'statements'>

/**
 * Works with SQLite's foreign keys off, when the part says so with a PRAGMA, and puts them back as they were.
 * The PRAGMA does nothing inside a transaction, so it has to be sent before BEGIN: a table that is dropped with
 * foreign keys on takes the rows of its children with it.
 */
export function foreignKeysOff<T>(connection: Connection, part: Statements, work: () => T): T {
  if (!switchesForeignKeys(part)) return work()
  const before = connection.get('PRAGMA foreign_keys')?.foreign_keys
  connection.run('PRAGMA foreign_keys = OFF')
  try {
    return work()
  } finally {
    connection.run(`PRAGMA foreign_keys = ${Number(before)}`)
    connection.run('PRAGMA legacy_alter_table = OFF') // a rebuild that failed has left it on: no ROLLBACK reaches a PRAGMA
  }
}

/**
 * Checks at the end of a transaction what was not checked while foreign keys were off.
 *
 * @throws {DanglingRowsError} when a row points to one that is not there
 */
export function needWholeRows(connection: Connection, part: Statements): void {
  if (!switchesForeignKeys(part)) return
  const lost = connection.all('PRAGMA foreign_key_check')
  if (lost.length > 0)
    throw new DanglingRowsError(lost.map(({ table, rowid }) => `${table} (rowid ${rowid})`))
}

const switchesForeignKeys = ({ statements }: Statements) =>
  statements.some((sql) => /^PRAGMA\s+foreign_keys\b/i.test(sql))
