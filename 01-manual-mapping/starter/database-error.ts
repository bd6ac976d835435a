import { todo } from '#shared/todo'
import {
  BusyError,
  CheckViolation,
  DatabaseError,
  ForeignKeyViolation,
  NotNullViolation,
  UniqueViolation,
  type Value,
} from './errors.ts'
import {
  type Pointer,
  SQLITE_BUSY,
  SQLITE_CONSTRAINT_CHECK,
  SQLITE_CONSTRAINT_FOREIGNKEY,
  SQLITE_CONSTRAINT_NOTNULL,
  SQLITE_CONSTRAINT_PRIMARYKEY,
  SQLITE_CONSTRAINT_UNIQUE,
  sqlite3_errmsg,
  sqlite3_extended_errcode,
} from './sqlite3.ts'

/**
 * Makes an error of what the connection's last call left behind: its extended result code and its message.
 * Ask before the next call on this connection, which overwrites both.
 *
 * @param db the connection, as C knows it: also one that could not be opened
 * @example
 * throw databaseError(db.pointer, 'INSERT INTO users …', ['Alice']) // UniqueViolation
 *
 * @see https://sqlite.org/rescode.html
 */
export function databaseError(
  db: Pointer,
  sql: string,
  parameters: readonly Value[] = [],
): DatabaseError {
  // TODO(1): ask for the extended code and for the message, and make the error whose class fits.
  return todo('Task 1: hear what SQLite says')
}
