import type { PoolUsage } from './async-driver.ts'
import type { RunResult, Value } from './driver.ts'

/** What every error of the database carries: the statement that failed. The driver's own error is its `cause`. */
export interface Failure {
  readonly sql: string
  readonly parameters: readonly Value[]
  readonly cause: unknown
}

/** A statement failed. Its subclasses name the situations that a program can handle; they are the same on both databases. */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError'
  readonly sql: string
  readonly parameters: readonly Value[]
  /** Where a statement runs with many lists of parameters (`runMany`): what those have done that came before the one that failed. */
  declare before?: readonly RunResult[]

  constructor(summary: string, advice: string, failure: Failure) {
    super(describe(summary, advice, failure), { cause: failure.cause })
    this.sql = failure.sql
    this.parameters = failure.parameters
  }
}

/** A row with this unique value, or this primary key, is there already. */
export class UniqueViolation extends DatabaseError {
  override readonly name = 'UniqueViolation'
  /** The columns of the constraint, as `users.email`; empty when the database does not say. */
  readonly columns: readonly string[]

  constructor(failure: Failure, columns: readonly string[] = []) {
    super(
      `Another row has the same ${columns.join(', ') || 'unique value'}.`,
      'This usually happens when the same thing is saved twice, or when two people pick one name at the same moment. Look for the row first, or catch this error and ask for another value.',
      failure,
    )
    this.columns = columns
  }
}

/** A row points to a row that is not there, or a row is deleted while others point to it. */
export class ForeignKeyViolation extends DatabaseError {
  override readonly name = 'ForeignKeyViolation'

  constructor(failure: Failure) {
    super(
      'A foreign key would point to a row that is not there.',
      'This usually happens when a child is saved before its parent, or a parent is deleted before its children. Save parents first, delete children first.',
      failure,
    )
  }
}

/** NULL in a column that must have a value. */
export class NotNullViolation extends DatabaseError {
  override readonly name = 'NotNullViolation'
  /** As `users.email`; undefined when the database does not say. */
  readonly column: string | undefined

  constructor(failure: Failure, column?: string) {
    super(
      `${column ?? 'A column'} must have a value, and got NULL.`,
      'This usually happens when a property was never set. Set it, or declare the column nullable.',
      failure,
    )
    this.column = column
  }
}

/** A value that a CHECK constraint refuses. */
export class CheckViolation extends DatabaseError {
  override readonly name = 'CheckViolation'

  constructor(failure: Failure) {
    super(
      'A CHECK constraint refused the row.',
      'This usually happens when a value is outside what the table allows. Behind "said" stands the constraint, in the words of the database. Check the value first.',
      failure,
    )
  }
}

/** A value that its column cannot hold (PostgreSQL): a number that is too large, a day that is not there. */
export class DataError extends DatabaseError {
  override readonly name = 'DataError'

  constructor(failure: Failure) {
    super(
      'A value is beyond what its column or operation can take.',
      'This usually happens when a value came from outside and was not checked. Behind "said" stands the reason, in the words of the database. Check the value first.',
      failure,
    )
  }
}

/** The database is locked by another connection. Running the whole transaction again is right. */
export class BusyError extends DatabaseError {
  override readonly name = 'BusyError'

  constructor(failure: Failure) {
    super(
      'The database is locked by another connection.',
      'This usually happens when two programs write to one SQLite file. Wait and run the whole transaction again.',
      failure,
    )
  }
}

/** Two transactions met and this one has to be run again (PostgreSQL). */
export class SerializationFailure extends DatabaseError {
  override readonly name = 'SerializationFailure'

  constructor(failure: Failure) {
    super(
      'Another transaction changed what this one has read.',
      'This is normal under strict isolation. Run the whole transaction again.',
      failure,
    )
  }
}

/** Two transactions waited for each other, and the database ended this one (PostgreSQL). */
export class DeadlockError extends DatabaseError {
  override readonly name = 'DeadlockError'

  constructor(failure: Failure) {
    super(
      'Two transactions waited for each other; this one was ended.',
      'This usually happens when they lock the same rows in different orders. Run the whole transaction again, and lock in one order.',
      failure,
    )
  }
}

/** The statement, or the wait for a connection, took longer than allowed. */
export class TimeoutError extends DatabaseError {
  override readonly name = 'TimeoutError'

  constructor(failure: Failure) {
    super(
      'The statement took longer than it may.',
      'This usually happens when it waits for a lock, or reads a large table without an index. Look at its plan, or allow it more time.',
      failure,
    )
  }
}

/** The connection broke while it was used: what the statement did is not known. */
export class ConnectionLostError extends DatabaseError {
  override readonly name = 'ConnectionLostError'

  constructor(failure: Failure) {
    super(
      'The connection to the database broke.',
      'This usually happens when the server restarts or the network fails. Open a new connection; the open transaction was rolled back.',
      failure,
    )
  }
}

/** A statement was sent on a connection that was closed before. */
export class ConnectionClosedError extends DatabaseError {
  override readonly name = 'ConnectionClosedError'

  constructor(failure: Failure) {
    super(
      'The connection is closed.',
      'This usually happens when something is read after close(), often in a callback that runs later. Close the connection last.',
      failure,
    )
  }
}

/** All connections were lent, and none was given back in time. */
export class PoolTimeoutError extends DatabaseError {
  override readonly name = 'PoolTimeoutError'

  constructor(milliseconds: number, { size, holders, waiting }: PoolUsage) {
    const lines = holders.map(
      (one) => `\n    ${one.callSite ?? one.sql ?? 'an unknown place'}, for ${one.milliseconds} ms`,
    )
    super(
      `No connection was given back within ${milliseconds} ms: ${holders.length} of ${size} are in use, ${waiting} wait.\n  in use by:${lines.join('')}`,
      'This usually happens when a session is not closed on every path, or when one task needs a second connection while it holds the first. Close sessions with `await using`; open one session for each task; or allow more connections.',
      { sql: '(acquire a connection)', parameters: [], cause: undefined },
    )
  }
}

/** The database was closed, and lends no connections any more. */
export class PoolClosedError extends DatabaseError {
  override readonly name = 'PoolClosedError'

  constructor() {
    super(
      'The database is closed: it lends no connections any more.',
      'This usually happens when work goes on after close(), often in a timer or a request that came late. Close the database last.',
      { sql: '(acquire a connection)', parameters: [], cause: undefined },
    )
  }
}

/** A value that no driver can send. */
export class UnsupportedValueError extends DatabaseError {
  override readonly name = 'UnsupportedValueError'

  constructor(failure: Failure, position: number, value: unknown) {
    super(
      `Parameter ${position} is ${show(value)}, which no column can hold.`,
      'Databases know NULL, numbers, text and bytes. This usually happens when a property was never set, or was not converted by its column type. Convert it first; send null for "no value".',
      failure,
    )
  }
}

function describe(summary: string, advice: string, { sql, parameters, cause }: Failure): string {
  const said = cause instanceof Error ? [`  said:       ${cause.message}`] : []
  const values = parameters.length > 0 ? [`  parameters: ${listed(parameters)}`] : []
  return [summary, `  statement:  ${cut(sql)}`, ...values, ...said, advice].join('\n')
}

/** A thousand rows are inserted in one statement: nobody wants to read all of it. The error itself carries it whole. */
const cut = (sql: string): string =>
  sql.length > 2000 ? `${sql.slice(0, 2000)}… (${sql.length} characters)` : sql

const listed = (parameters: readonly Value[]): string =>
  parameters.slice(0, 50).map(show).join(', ') +
  (parameters.length > 50 ? `, … (${parameters.length} in all)` : '')

/** A value for a person to read, cut where it is long. */
function show(value: unknown): string {
  if (value instanceof Uint8Array)
    return `<${value.byteLength} ${value.byteLength === 1 ? 'byte' : 'bytes'}>`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `the function ${value.name || '(unnamed)'}`
  if (value instanceof Date)
    return `a Date (${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`
  const text =
    (typeof value === 'object' || typeof value === 'string' ? JSON.stringify(value) : undefined) ??
    String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
