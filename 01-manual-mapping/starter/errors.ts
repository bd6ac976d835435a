/** What can be bound to a `?` in this stage. */
export type Value = null | number | bigint | string

/** What SQLite said, and about which statement. */
export interface Failure {
  /** The extended result code: 2067 is SQLITE_CONSTRAINT_UNIQUE. */
  readonly code: number
  /** The words of `sqlite3_errmsg`. */
  readonly reason: string
  readonly sql: string
  readonly parameters: readonly Value[]
}

/** A call of SQLite failed. The subclasses are the failures that a program can do something about. */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError'
  readonly code: number
  readonly sql: string
  readonly parameters: readonly Value[]

  constructor(
    failure: Failure,
    advice = 'Look at the words of SQLite above, then at the statement.',
  ) {
    super(describe(failure, advice))
    this.code = failure.code
    this.sql = failure.sql
    this.parameters = failure.parameters
  }
}

/** Another row has the same unique value or the same primary key. */
export class UniqueViolation extends DatabaseError {
  override readonly name = 'UniqueViolation'

  constructor(failure: Failure) {
    super(failure, 'Such a row is there already. Find and update it, or choose another value.')
  }
}

/** A row points to a row that is not there, or would be left pointing to it. */
export class ForeignKeyViolation extends DatabaseError {
  override readonly name = 'ForeignKeyViolation'

  constructor(failure: Failure) {
    super(
      failure,
      'Insert parents before their children, and delete children before their parents.',
    )
  }
}

/** NULL in a column that needs a value. */
export class NotNullViolation extends DatabaseError {
  override readonly name = 'NotNullViolation'

  constructor(failure: Failure) {
    super(failure, 'Give the column a value. If it is new, the INSERT may not know it yet.')
  }
}

/** A value that the table's CHECK refuses. */
export class CheckViolation extends DatabaseError {
  override readonly name = 'CheckViolation'

  constructor(failure: Failure) {
    super(failure, 'The table allows only some values: its CREATE TABLE says which.')
  }
}

/** Another connection is writing. */
export class BusyError extends DatabaseError {
  override readonly name = 'BusyError'

  constructor(failure: Failure) {
    super(
      failure,
      'Another connection is writing to this file. Wait, then run the transaction again.',
    )
  }
}

/** The database was closed before this call. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError'

  constructor(filename: string) {
    super(
      `The database "${filename}" is closed.\n` +
        'This usually happens when a function keeps a database that its caller has closed. ' +
        'Close it last, after everything that uses it.',
    )
  }
}

/** A database cannot be closed while statements of it are open. */
export class OpenStatementsError extends Error {
  override readonly name = 'OpenStatementsError'
  readonly statements: readonly string[]

  constructor(statements: readonly string[]) {
    super(
      `Cannot close the database: ${statements.length} statement(s) were never finalized:\n` +
        `${statements.map((sql) => `  ${sql}`).join('\n')}\n` +
        'This usually happens when an error jumps over sqlite3_finalize. Finalize in a finally block.',
    )
    this.statements = statements
  }
}

/** The statement was finalized before this call. */
export class StatementFinalizedError extends Error {
  override readonly name = 'StatementFinalizedError'

  constructor(sql: string) {
    super(
      `This statement is finalized: ${sql}\n` +
        'Its memory is gone, so SQLite must not see it again. ' +
        'Use it inside withStatement only, or prepare a new one.',
    )
  }
}

/** There are more or fewer values than question marks. */
export class ParameterCountError extends Error {
  override readonly name = 'ParameterCountError'

  constructor(sql: string, expected: number, given: number) {
    super(
      `The statement has ${expected} parameter(s), but ${given} value(s) were given: ${sql}\n` +
        'SQLite would read a missing one as NULL and say nothing. Give one value for each ?.',
    )
  }
}

/** A value that this stage cannot bind. */
export class UnsupportedValueError extends Error {
  override readonly name = 'UnsupportedValueError'

  constructor(value: unknown, index: number) {
    super(
      `Parameter ${index} is ${typeof value} ${String(value)}, which SQLite cannot store as it is.\n` +
        'It knows NULL, 64-bit integers, floating-point numbers (not NaN) and text here. Convert the value first.',
    )
  }
}

/** The column holds another type than the one that was asked for. */
export class ColumnTypeError extends Error {
  override readonly name = 'ColumnTypeError'

  /** @param expected what the reader asked for: `'an INTEGER'`, `'TEXT'` */
  constructor(column: string, expected: string, type: number) {
    const found = ['?', 'an INTEGER', 'a FLOAT', 'TEXT', 'a BLOB', 'NULL'][type]
    super(
      `The column "${column}" holds ${found}, not ${expected}.\n` +
        'SQLite lets each value have its own type, whatever the column declares. ' +
        'Correct the row, or read the column as what it is.',
    )
  }
}

/** NULL in a row, for a field that has no way to say "nothing". */
export class NullFieldError extends Error {
  override readonly name = 'NullFieldError'

  constructor(field: string) {
    super(
      `users.${field} is NULL, and the field "${field}" of the struct cannot say so: "" or 0 would be a lie.\n` +
        'This usually happens when the column is not declared NOT NULL, or when no row waits: was step() called? ' +
        'Declare it so, or give the struct a second field that says whether there is a value.',
    )
  }
}

/** A text is longer than the struct's array. */
export class TextTooLongError extends Error {
  override readonly name = 'TextTooLongError'

  constructor(field: string, bytes: number, capacity: number) {
    super(
      `The ${field} has ${bytes} bytes of UTF-8, and char ${field}[${capacity + 1}] holds ${capacity} and a NUL.\n` +
        'Letters such as é take two bytes, emoji four. Shorten it: it is not cut, because half a name is a wrong name.',
    )
  }
}

/** A text with a NUL inside, which C would take for its end. */
export class EmbeddedNulError extends Error {
  override readonly name = 'EmbeddedNulError'

  constructor(field: string, position: number) {
    super(
      `The ${field} has a NUL character at position ${position}, and C ends a string there: the rest would be lost.\n` +
        'Such text usually comes from binary data. Remove the NUL first.',
    )
  }
}

/** A number that does not fit the struct's `int`. */
export class IntegerRangeError extends Error {
  override readonly name = 'IntegerRangeError'

  constructor(field: string, value: number | bigint) {
    super(
      `${field} = ${value} does not fit a 32-bit int (-2147483648 to 2147483647, whole numbers).\n` +
        'SQLite counts ids in 64 bits, and C would keep the lower half and say nothing. Use an int64_t field.',
    )
  }
}

/** A struct was freed before this access. */
export class UseAfterFreeError extends Error {
  override readonly name = 'UseAfterFreeError'

  constructor() {
    super(
      'This User* was freed: its memory may belong to someone else by now.\n' +
        'This usually happens when one pointer is kept in two places. Free it last, and only its owner.',
    )
  }
}

/** A struct was freed a second time. */
export class DoubleFreeError extends Error {
  override readonly name = 'DoubleFreeError'

  constructor() {
    super(
      'This User* was freed before. In C that breaks the heap, and the crash comes later, somewhere else.\n' +
        'This usually happens when two functions both think they own it. Decide on one owner.',
    )
  }
}

/** An UPDATE or DELETE found no row. */
export class MissingRowError extends Error {
  override readonly name = 'MissingRowError'

  constructor(action: string, id: number | bigint) {
    super(
      `Could not ${action} the user with id ${id}: there is no such row, so nothing was changed.\n` +
        'This usually happens when someone else deleted it in between. Find it again before you go on.',
    )
  }
}

function describe({ code, reason, sql, parameters }: Failure, advice: string): string {
  const values = parameters.map((value) =>
    typeof value === 'bigint' ? `${value}n` : JSON.stringify(value),
  )
  const lines = [`${reason} (SQLite code ${code})`, `  statement:  ${sql}`]
  if (values.length > 0) lines.push(`  parameters: ${values.join(', ')}`)
  return [...lines, advice].join('\n')
}
