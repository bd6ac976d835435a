import Database from 'better-sqlite3'
import { sqlite } from './dialect.ts'
import type { Connection, Row, RunResult, Value } from './driver.ts'
import {
  BusyError,
  CheckViolation,
  ConnectionClosedError,
  DatabaseError,
  type Failure,
  ForeignKeyViolation,
  NotNullViolation,
  UniqueViolation,
  UnsupportedValueError,
} from './errors.ts'
import { StatementCache } from './statement-cache.ts'

/**
 * Opens a SQLite database: a file, or `:memory:`. Foreign keys are enforced.
 * `busyTimeout` is how long, in milliseconds, a statement waits for another connection's lock.
 *
 * @example
 * const connection = openSqlite('blog.db')
 * // PRAGMA foreign_keys = ON
 *
 * @throws {DatabaseError} when the file cannot be opened
 */
export function openSqlite(file = ':memory:', { busyTimeout = 5000 } = {}): SqliteConnection {
  return new BetterSqliteConnection(file, busyTimeout)
}

/** What SQLite can do beyond what every connection can. */
export interface SqliteConnection extends Connection {
  /** Whether a transaction is open. */
  readonly inTransaction: boolean
  /** How many statements were prepared so far: each SQL text once, as long as the cache of statements holds it. */
  readonly prepared: number
  /** Every row as an array, in parts of so many rows. Until the last one was read, nothing can be written. */
  stream(sql: string, parameters?: readonly Value[], size?: number): Iterable<Value[][]>
}

class BetterSqliteConnection implements SqliteConnection {
  readonly dialect = sqlite
  readonly #database: Database.Database
  readonly #statements: StatementCache<PreparedStatement>

  constructor(file: string, timeout: number) {
    this.#database = attempt(`open ${file}`, [], () => new Database(file, { timeout }))
    this.#database.pragma('foreign_keys = ON')
    this.#statements = new StatementCache(500, (sql) => new PreparedStatement(this.#database, sql))
  }

  all(sql: string, parameters: readonly Value[] = []): Row[] {
    return attempt(sql, parameters, () => this.#prepare(sql).rows(bindable(sql, parameters)))
  }

  get(sql: string, parameters: readonly Value[] = []): Row | undefined {
    return this.all(sql, parameters)[0]
  }

  values(sql: string, parameters: readonly Value[] = []): Value[][] {
    return attempt(sql, parameters, () => this.#prepare(sql).values(bindable(sql, parameters)))
  }

  run(sql: string, parameters: readonly Value[] = []): RunResult {
    try {
      return this.#prepare(sql).run(bindable(sql, parameters))
    } catch (cause) {
      throw named(sql, parameters, cause)
    }
  }

  get prepared(): number {
    return this.#statements.prepared
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  /** A statement of its own for each reader: a cached one could be asked again while it is read. */
  *stream(sql: string, parameters: readonly Value[] = [], size = 1000): Iterable<Value[][]> {
    const values = bindable(sql, parameters)
    const rows = attempt(sql, parameters, () => {
      const statement = this.#database.prepare(sql).raw().safeIntegers()
      return statement.iterate(...values) as IterableIterator<Value[]>
    })
    try {
      for (;;) {
        const part = attempt(sql, parameters, () => take(size, rows))
        if (part.length > 0) yield part.map(narrowed)
        if (part.length < size) return
      }
    } finally {
      rows.return?.()
    }
  }

  exec(script: string): void {
    attempt(script, [], () => this.#database.exec(script))
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(sql: string): PreparedStatement {
    return this.#statements.get(sql)
  }
}

/**
 * better-sqlite3 reads whole numbers as doubles, which lose digits beyond 2^53, or all of them as bigint, which is slow.
 * So a statement reads doubles until one is too large to be sure of, and from then on reads exactly.
 */
class PreparedStatement {
  readonly #statement: Database.Statement
  readonly #returnsRows: boolean
  #exact = false

  constructor(database: Database.Database, sql: string) {
    this.#statement = database.prepare(sql)
    this.#returnsRows = this.#statement.reader
    // What writes and returns (INSERT … RETURNING) cannot be run a second time, so it reads exactly from the start.
    if (this.#returnsRows && !this.#statement.readonly) this.#readExactly()
  }

  rows(parameters: readonly unknown[]): Row[] {
    return this.#read(false, parameters)
  }

  values(parameters: readonly unknown[]): Value[][] {
    return this.#read(true, parameters)
  }

  run(parameters: readonly unknown[]): RunResult {
    const { changes, lastInsertRowid } = this.#statement.run(...parameters)
    return { changes, lastInsertId: narrow(lastInsertRowid) as number | bigint }
  }

  #read<Result extends Row | Value[]>(asArrays: boolean, parameters: readonly unknown[]): Result[] {
    if (!this.#returnsRows) {
      this.#statement.run(...parameters)
      return []
    }
    const rows = this.#statement.raw(asArrays).all(...parameters) as Result[]
    if (this.#exact) return rows.map(narrowed)
    if (!rows.some(mayHaveLostDigits)) return rows
    this.#readExactly()
    return this.#read(asArrays, parameters)
  }

  #readExactly(): void {
    this.#exact = true
    this.#statement.safeIntegers(true)
  }
}

function take<T>(count: number, from: Iterator<T>): T[] {
  const taken: T[] = []
  for (let next = from.next(); !next.done; next = from.next())
    if (taken.push(next.value) === count) break
  return taken
}

/** A bigint where a number would lose digits, a number everywhere else. */
function narrow(value: Value): Value {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function narrowed<Result extends Row | Value[]>(row: Result): Result {
  const cells = row as Row
  for (const key in cells) cells[key] = narrow(cells[key] as Value)
  return row
}

/** It runs for every row that is read. Numbers beyond that are all whole, so nothing else has to be asked. */
function mayHaveLostDigits(row: Row | Value[]): boolean {
  const values = Array.isArray(row) ? row : Object.values(row)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) return true
  }
  return false
}

/** better-sqlite3 sends every number as REAL, so that 5 becomes '5.0' in a TEXT column: whole numbers go as bigint. */
function bindable(sql: string, parameters: readonly Value[]): unknown[] {
  const bound: unknown[] = parameters.slice()
  for (let i = 0; i < bound.length; i++) {
    const value = bound[i]
    if (typeof value === 'number') bound[i] = Number.isSafeInteger(value) ? BigInt(value) : value
    else if (!isBindable(value))
      throw new UnsupportedValueError({ sql, parameters, cause: undefined }, i + 1, value)
  }
  return bound
}

const isBindable = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'bigint' ||
  value instanceof Uint8Array

/** Runs an action of the driver and gives its errors the names that both databases share. */
function attempt<T>(sql: string, parameters: readonly Value[], action: () => T): T {
  try {
    return action()
  } catch (cause) {
    throw named(sql, parameters, cause)
  }
}

const named = (sql: string, parameters: readonly Value[], cause: unknown): unknown =>
  cause instanceof DatabaseError ? cause : translate({ sql, parameters, cause })

/** @see https://www.sqlite.org/rescode.html#extrc the extended result codes */
function translate(failure: Failure): DatabaseError {
  const { code = '', message } = failure.cause as { code?: string; message: string }
  const named = message.match(/constraint failed: (.*)/)?.[1]
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return new UniqueViolation(failure, named?.split(', '))
  if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return new ForeignKeyViolation(failure)
  if (code === 'SQLITE_CONSTRAINT_NOTNULL') return new NotNullViolation(failure, named)
  if (code === 'SQLITE_CONSTRAINT_CHECK') return new CheckViolation(failure)
  if (code.startsWith('SQLITE_BUSY')) return new BusyError(failure)
  if (message === 'The database connection is not open') return new ConnectionClosedError(failure)
  return new DatabaseError(
    'The database refused the statement.',
    'Read what it said: a table or column that is not there, or a slip in the SQL, is the usual reason.',
    failure,
  )
}
