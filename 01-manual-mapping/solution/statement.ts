import type { Database } from './database.ts'
import { databaseError } from './database-error.ts'
import {
  ColumnTypeError,
  DatabaseError,
  ParameterCountError,
  StatementFinalizedError,
  UnsupportedValueError,
  type Value,
} from './errors.ts'
import { Handle } from './handle.ts'
import {
  type Out,
  type Pointer,
  SQLITE_DONE,
  SQLITE_INTEGER,
  SQLITE_MISUSE,
  SQLITE_NULL,
  SQLITE_OK,
  SQLITE_ROW,
  SQLITE_TEXT,
  SQLITE_TRANSIENT,
  sqlite3_bind_double,
  sqlite3_bind_int64,
  sqlite3_bind_null,
  sqlite3_bind_parameter_count,
  sqlite3_bind_text,
  sqlite3_changes,
  sqlite3_column_bytes,
  sqlite3_column_int64,
  sqlite3_column_name,
  sqlite3_column_text,
  sqlite3_column_type,
  sqlite3_finalize,
  sqlite3_last_insert_rowid,
  sqlite3_prepare_v2,
  sqlite3_step,
  textAt,
} from './sqlite3.ts'

/** A compiled statement, C's `sqlite3_stmt *`, with the values meant for its question marks. */
export class Statement extends Handle {
  readonly db: Database
  readonly sql: string
  readonly parameters: readonly Value[]

  constructor(pointer: Pointer, db: Database, sql: string, parameters: readonly Value[]) {
    super(pointer)
    this.db = db
    this.sql = sql
    this.parameters = parameters
  }

  /** What the last call on this statement left behind, as an error. */
  failure(): DatabaseError {
    return databaseError(this.db.pointer, this.sql, this.parameters)
  }

  protected override usedAfterRelease(): Error {
    return new StatementFinalizedError(this.sql)
  }
}

/**
 * Compiles one statement. Whoever prepares it has to finalize it.
 *
 * @throws {DatabaseError} when the SQL is wrong, empty, or more than one statement
 */
export function prepare(db: Database, sql: string, parameters: readonly Value[] = []): Statement {
  const out: Out<Pointer> = [null]
  const tail: Out<string> = [null]
  const code = sqlite3_prepare_v2(db.pointer, sql, -1, out, tail)
  if (code !== SQLITE_OK) throw databaseError(db.pointer, sql, parameters)
  if (out[0] === null) throw notOneStatement('There is no statement in', sql)
  if (tail[0]?.trim()) {
    sqlite3_finalize(out[0])
    throw notOneStatement('SQLite compiles the first statement only, and there are more in', sql)
  }
  return new Statement(out[0], db, sql, parameters)
}

/** Moves to the next row: true when one waits, false when there are no more. */
export function step(statement: Statement): boolean {
  const code = sqlite3_step(statement.pointer)
  if (code === SQLITE_ROW) return true
  if (code === SQLITE_DONE) return false
  throw statement.failure()
}

/** Gives the statement back to SQLite. */
export function finalize(statement: Statement): void {
  sqlite3_finalize(statement.pointer)
  statement.release()
}

/**
 * Binds each of the statement's parameters to its question mark. SQLite counts them from 1.
 *
 * @throws {ParameterCountError} when there are not as many values as question marks
 * @throws {UnsupportedValueError} when SQLite has no type for a value
 * @see https://sqlite.org/c3ref/bind_blob.html
 */
export function bind(statement: Statement): void {
  const { pointer, sql, parameters } = statement
  const expected = sqlite3_bind_parameter_count(pointer)
  if (expected !== parameters.length)
    throw new ParameterCountError(sql, expected, parameters.length)
  parameters.forEach((value, i) => {
    if (bindValue(pointer, i + 1, value) !== SQLITE_OK) throw statement.failure()
  })
}

/**
 * The text of a column in the current row, or null where the row has NULL.
 *
 * @param column counted from 0
 * @throws {ColumnTypeError} when the row holds something else than text there
 */
export function columnText(statement: Statement, column: number): string | null {
  const { pointer } = statement
  // Asked first: sqlite3_column_text turns whatever is there into text, in place.
  const type = sqlite3_column_type(pointer, column)
  if (type === SQLITE_NULL) return null
  if (type !== SQLITE_TEXT) throw new ColumnTypeError(nameOf(statement, column), 'TEXT', type)
  return textAt(sqlite3_column_text(pointer, column), sqlite3_column_bytes(pointer, column))
}

/**
 * The integer of a column in the current row, or null where the row has NULL.
 * Always a bigint: what a caller gets must follow from the column, not from how large today's value is.
 *
 * @param column counted from 0
 * @throws {ColumnTypeError} when the row holds something else than an integer there
 */
export function columnInteger(statement: Statement, column: number): bigint | null {
  const { pointer } = statement
  const type = sqlite3_column_type(pointer, column)
  if (type === SQLITE_NULL) return null
  if (type !== SQLITE_INTEGER) {
    throw new ColumnTypeError(nameOf(statement, column), 'an INTEGER', type)
  }
  return BigInt(sqlite3_column_int64(pointer, column))
}

/**
 * Prepares a statement, binds its parameters, lends it to `use`, and finalizes it whatever happens.
 *
 * @example
 * withStatement(db, 'SELECT name FROM users WHERE id = ?', [1], (statement) =>
 *   step(statement) ? columnText(statement, 0) : null,
 * ) // 'Alice'
 */
export function withStatement<Result>(
  db: Database,
  sql: string,
  parameters: readonly Value[],
  use: (statement: Statement) => Result,
): Result {
  const statement = prepare(db, sql, parameters)
  try {
    bind(statement)
    return use(statement)
  } finally {
    finalize(statement)
  }
}

/** What a statement did that gives no rows. */
export interface Outcome {
  /** How many rows it inserted, updated or deleted. */
  readonly changes: number
  /** The id of the last row that this connection inserted. */
  readonly lastInsertId: bigint
}

/**
 * Runs one statement to its end.
 *
 * @example
 * execute(db, 'UPDATE users SET name = ? WHERE id = ?', ['Alice Smith', 1]).changes // 1
 *
 * @throws {DatabaseError} with the SQL and the parameters
 */
export function execute(db: Database, sql: string, parameters: readonly Value[] = []): Outcome {
  return withStatement(db, sql, parameters, (statement) => {
    while (step(statement));
    return {
      changes: sqlite3_changes(db.pointer),
      lastInsertId: BigInt(sqlite3_last_insert_rowid(db.pointer)),
    }
  })
}

function bindValue(statement: Pointer, index: number, value: Value): number {
  if (value === null) return sqlite3_bind_null(statement, index)
  if (typeof value === 'string') {
    // The string's memory is koffi's, and gone after this call: SQLite has to copy it.
    return sqlite3_bind_text(statement, index, value, Buffer.byteLength(value), SQLITE_TRANSIENT)
  }
  if (isInt64(value)) return sqlite3_bind_int64(statement, index, value)
  if (isDouble(value)) return sqlite3_bind_double(statement, index, value)
  throw new UnsupportedValueError(value, index)
}

/** A bigint of at most 64 bits, or a number that is a whole one without loss. */
function isInt64(value: number | bigint): boolean {
  return typeof value === 'bigint'
    ? BigInt.asIntN(64, value) === value
    : Number.isSafeInteger(value)
}

/** Any number but NaN, which SQLite would store as NULL without a word. */
function isDouble(value: number | bigint): value is number {
  return typeof value === 'number' && !Number.isNaN(value)
}

function nameOf(statement: Statement, column: number): string {
  return sqlite3_column_name(statement.pointer, column)
}

function notOneStatement(problem: string, sql: string): DatabaseError {
  return new DatabaseError({
    code: SQLITE_MISUSE,
    reason: `${problem} this text.`,
    sql,
    parameters: [],
  })
}
