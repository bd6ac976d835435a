import { databaseError } from './database-error.ts'
import { ConnectionClosedError, OpenStatementsError } from './errors.ts'
import { Handle } from './handle.ts'
import {
  type Out,
  type Pointer,
  SQLITE_BUSY,
  SQLITE_DBCONFIG_DQS_DML,
  SQLITE_OK,
  SQLITE_OPEN_CREATE,
  SQLITE_OPEN_READWRITE,
  sqlite3_busy_timeout,
  sqlite3_close,
  sqlite3_db_config,
  sqlite3_exec,
  sqlite3_next_stmt,
  sqlite3_open_v2,
  sqlite3_sql,
} from './sqlite3.ts'

/** An open connection: C's `sqlite3 *`. */
export class Database extends Handle {
  readonly filename: string

  constructor(pointer: Pointer, filename: string) {
    super(pointer)
    this.filename = filename
  }

  protected override usedAfterRelease(): Error {
    return new ConnectionClosedError(this.filename)
  }
}

/**
 * Opens a database file, or `:memory:`, with the two settings that C leaves at their worst.
 *
 * @param options.busyTimeout milliseconds to wait for another connection's lock
 * @throws {DatabaseError} when the file cannot be opened
 */
export function openDatabase(filename: string, { busyTimeout = 1000 } = {}): Database {
  const out: Out<Pointer> = [null]
  const flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
  const code = sqlite3_open_v2(filename, out, flags, null)
  const pointer = out[0] as Pointer
  if (code !== SQLITE_OK) throw notOpened(pointer, filename)
  const db = new Database(pointer, filename)
  sqlite3_busy_timeout(pointer, busyTimeout)
  // By default SELECT "nope" gives the text nope when there is no such column. Off, it is an error.
  sqlite3_db_config(pointer, SQLITE_DBCONFIG_DQS_DML, 'int', 0, 'void *', null)
  exec(db, 'PRAGMA foreign_keys = ON')
  return db
}

/**
 * Closes the database and gives its memory back.
 *
 * @throws {OpenStatementsError} when statements are open; the database stays usable
 * @throws {ConnectionClosedError} when it is closed already
 */
export function closeDatabase(db: Database): void {
  const code = sqlite3_close(db.pointer)
  if (code === SQLITE_BUSY) throw new OpenStatementsError(openStatements(db))
  db.release()
}

/** The SQL of each statement that nobody has finalized yet. */
export function openStatements(db: Database): string[] {
  const found: string[] = []
  let statement = sqlite3_next_stmt(db.pointer, null)
  while (statement !== null) {
    found.push(sqlite3_sql(statement))
    statement = sqlite3_next_stmt(db.pointer, statement)
  }
  return found
}

/**
 * Runs a script: any number of statements, no parameters.
 *
 * @throws {DatabaseError} at the first statement that fails; those before it stay done
 */
export function exec(db: Database, script: string): void {
  const code = sqlite3_exec(db.pointer, script, null, null, null)
  if (code !== SQLITE_OK) throw databaseError(db.pointer, script)
}

/** C hands out a connection even when it could not open the file: it knows why, and has to be closed too. */
function notOpened(pointer: Pointer, filename: string): Error {
  try {
    return databaseError(pointer, `(opening "${filename}")`)
  } finally {
    sqlite3_close(pointer)
  }
}
