/**
 * The part of SQLite's C API that this stage calls, each function under its own name.
 * The string is the C declaration; the type before it says what koffi makes of it in TypeScript.
 *
 * @see https://sqlite.org/c3ref/intro.html
 */
import koffi from 'koffi'
import { findSqliteLibrary } from '#shared/driver/sqlite-library'

/** An address in memory. C would say `sqlite3 *`, `sqlite3_stmt *` or `User *`. */
export type Pointer = bigint

/** An out parameter, `sqlite3 **`: C writes the answer into the array's only place. */
export type Out<T> = [T | null]

const library = koffi.load(findSqliteLibrary())

// Result codes. The low eight bits are the primary code: 2067 & 255 is 19, SQLITE_CONSTRAINT.
export const SQLITE_OK = 0
export const SQLITE_BUSY = 5
export const SQLITE_MISUSE = 21
export const SQLITE_ROW = 100
export const SQLITE_DONE = 101
export const SQLITE_CONSTRAINT_CHECK = 275
export const SQLITE_CONSTRAINT_FOREIGNKEY = 787
export const SQLITE_CONSTRAINT_NOTNULL = 1299
export const SQLITE_CONSTRAINT_PRIMARYKEY = 1555
export const SQLITE_CONSTRAINT_UNIQUE = 2067

// What sqlite3_column_type answers.
export const SQLITE_INTEGER = 1
export const SQLITE_FLOAT = 2
export const SQLITE_TEXT = 3
export const SQLITE_BLOB = 4
export const SQLITE_NULL = 5

export const SQLITE_OPEN_READWRITE = 2
export const SQLITE_OPEN_CREATE = 4
export const SQLITE_DBCONFIG_DQS_DML = 1013
export const SQLITE_TRACE_STMT = 1

/** "This text stays where it is until you are done": a promise that koffi's short-lived strings cannot keep. */
export const SQLITE_STATIC = 0
/** "This text is gone when I return: make a copy now." */
export const SQLITE_TRANSIENT = -1

// A connection.
export const sqlite3_open_v2: (
  filename: string,
  db: Out<Pointer>,
  flags: number,
  vfs: string | null,
) => number = library.func(
  'int sqlite3_open_v2(const char *filename, _Out_ void **db, int flags, const char *vfs)',
)
export const sqlite3_close: (db: Pointer) => number = library.func('int sqlite3_close(void *db)')
export const sqlite3_busy_timeout: (db: Pointer, milliseconds: number) => number = library.func(
  'int sqlite3_busy_timeout(void *db, int milliseconds)',
)
/** The last three arguments go in pairs of C type and value, because the C function takes any number of them. */
export const sqlite3_db_config: (db: Pointer, option: number, ...values: unknown[]) => number =
  library.func('int sqlite3_db_config(void *db, int option, ...)')
export const sqlite3_exec: (
  db: Pointer,
  sql: string,
  callback: null,
  context: null,
  message: null,
) => number = library.func(
  'int sqlite3_exec(void *db, const char *sql, void *callback, void *context, void *message)',
)

// What the connection's last call did.
export const sqlite3_extended_errcode: (db: Pointer) => number = library.func(
  'int sqlite3_extended_errcode(void *db)',
)
export const sqlite3_errmsg: (db: Pointer) => string = library.func(
  'const char *sqlite3_errmsg(void *db)',
)
/** Rows that the last INSERT, UPDATE or DELETE touched. */
export const sqlite3_changes: (db: Pointer) => number = library.func(
  'int sqlite3_changes(void *db)',
)
/** A 64-bit integer: koffi gives a number when it fits without loss, a bigint when it does not. */
export const sqlite3_last_insert_rowid: (db: Pointer) => number | bigint = library.func(
  'int64_t sqlite3_last_insert_rowid(void *db)',
)
/** 0 while a transaction is open. */
export const sqlite3_get_autocommit: (db: Pointer) => number = library.func(
  'int sqlite3_get_autocommit(void *db)',
)

// A statement: prepare, bind, step, read columns, finalize.
/** Compiles the first statement in `sql`; `tail` gets the text after it. `bytes` -1 means: up to the NUL at the end. */
export const sqlite3_prepare_v2: (
  db: Pointer,
  sql: string,
  bytes: number,
  statement: Out<Pointer>,
  tail: Out<string>,
) => number = library.func(
  'int sqlite3_prepare_v2(void *db, const char *sql, int bytes, _Out_ void **statement, _Out_ const char **tail)',
)
export const sqlite3_bind_parameter_count: (statement: Pointer) => number = library.func(
  'int sqlite3_bind_parameter_count(void *statement)',
)
export const sqlite3_bind_null: (statement: Pointer, index: number) => number = library.func(
  'int sqlite3_bind_null(void *statement, int index)',
)
export const sqlite3_bind_int64: (
  statement: Pointer,
  index: number,
  value: number | bigint,
) => number = library.func('int sqlite3_bind_int64(void *statement, int index, int64_t value)')
export const sqlite3_bind_double: (statement: Pointer, index: number, value: number) => number =
  library.func('int sqlite3_bind_double(void *statement, int index, double value)')
/** `bytes` counts bytes of UTF-8 without a NUL; `destructor` is SQLITE_STATIC or SQLITE_TRANSIENT. */
export const sqlite3_bind_text: (
  statement: Pointer,
  index: number,
  text: string,
  bytes: number,
  destructor: number,
) => number = library.func(
  'int sqlite3_bind_text(void *statement, int index, const char *text, int bytes, intptr_t destructor)',
)
/** SQLITE_ROW: a row waits. SQLITE_DONE: finished. Anything else: an error. */
export const sqlite3_step: (statement: Pointer) => number = library.func(
  'int sqlite3_step(void *statement)',
)
export const sqlite3_column_type: (statement: Pointer, column: number) => number = library.func(
  'int sqlite3_column_type(void *statement, int column)',
)
export const sqlite3_column_int64: (statement: Pointer, column: number) => number | bigint =
  library.func('int64_t sqlite3_column_int64(void *statement, int column)')
/** The address of SQLite's own bytes: good until the next step or finalize, so copy them with `textAt`. */
export const sqlite3_column_text: (statement: Pointer, column: number) => Pointer = library.func(
  'const void *sqlite3_column_text(void *statement, int column)',
)
/** How many bytes `sqlite3_column_text` points to, without the NUL. */
export const sqlite3_column_bytes: (statement: Pointer, column: number) => number = library.func(
  'int sqlite3_column_bytes(void *statement, int column)',
)
export const sqlite3_column_name: (statement: Pointer, column: number) => string = library.func(
  'const char *sqlite3_column_name(void *statement, int column)',
)
/** Repeats the code of the statement's last failed step: it is no news, and not a failure of its own. */
export const sqlite3_finalize: (statement: Pointer) => number = library.func(
  'int sqlite3_finalize(void *statement)',
)

// Looking around.
/** The statement of this connection after the given one; with null, the first. */
export const sqlite3_next_stmt: (db: Pointer, statement: Pointer | null) => Pointer | null =
  library.func('void *sqlite3_next_stmt(void *db, void *statement)')
export const sqlite3_sql: (statement: Pointer) => string = library.func(
  'const char *sqlite3_sql(void *statement)',
)
/** The SQL with its values written in: memory of SQLite's, which the caller has to give to `sqlite3_free`. */
export const sqlite3_expanded_sql: (statement: Pointer) => Pointer | null = library.func(
  'void *sqlite3_expanded_sql(void *statement)',
)
export const sqlite3_free: (memory: Pointer | null) => void = library.func(
  'void sqlite3_free(void *memory)',
)
export const sqlite3_trace_v2: (
  db: Pointer,
  events: number,
  callback: Pointer | null,
  context: null,
) => number = library.func(
  'int sqlite3_trace_v2(void *db, unsigned int events, void *callback, void *context)',
)
export const sqlite3_libversion: () => string = library.func('const char *sqlite3_libversion()')

/** Copies text out of C's memory: exactly that many bytes, NULs and all. */
export function textAt(address: Pointer, bytes: number): string {
  return koffi.decode.string(address, bytes)
}
