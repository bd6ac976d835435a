import type { Dialect } from './dialect.ts'
import type { Row, RunResult, Value } from './driver.ts'

/**
 * A connection whose answers are waited for: what `Connection` is in stages 02 to 08, for 09 and 10.
 * It is lent by an `AsyncDatabase` and has to be given back.
 *
 * @example
 * await using connection = await database.connect()
 * await connection.get('SELECT id, name FROM users WHERE id = $1', [1]) // { id: 1, name: 'Alice' }
 */
export interface AsyncConnection {
  readonly dialect: Dialect
  /** Every row; an empty array when there is none. */
  all(sql: string, parameters?: readonly Value[]): Promise<Row[]>
  /** The first row, or undefined. */
  get(sql: string, parameters?: readonly Value[]): Promise<Row | undefined>
  /** Every row as an array, in the order of the select list. */
  values(sql: string, parameters?: readonly Value[]): Promise<Value[][]>
  /** Runs a statement for its effect. */
  run(sql: string, parameters?: readonly Value[]): Promise<RunResult>
  /**
   * Runs a statement once for each list of parameters, in their order: what Python's DB-API calls `executemany`. To be sent in a
   * transaction: when one of them fails, those before it have happened.
   *
   * @example
   * await connection.runMany('UPDATE users SET name = $1 WHERE id = $2', [['Alicia', 1], ['Robert', 2]])
   * // [{ changes: 1, … }, { changes: 1, … }]
   *
   * @throws {DatabaseError} the first that failed; its `before` are the results of those before it
   */
  runMany(sql: string, parameterLists: readonly (readonly Value[])[]): Promise<RunResult[]>
  /** Runs a script of several statements, without parameters. */
  exec(script: string): Promise<void>
  /** Every row as an array, in parts of so many rows: the memory holds one part at a time. */
  stream(sql: string, parameters?: readonly Value[], size?: number): AsyncIterable<Value[][]>
  /**
   * What the connection is made of, for those few things that this interface leaves out: `clientOf` makes use of it. Whatever is set
   * there stays with it, so the connection is closed when it is given back, and not lent again.
   */
  native?(): unknown
  /** Gives the connection back. Twice is allowed; using it afterwards is a ConnectionClosedError. */
  release(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface ConnectOptions {
  /** Stops waiting for a connection, and stops the statement that runs on it, on the server too. */
  readonly signal?: AbortSignal | undefined
  /** How long a statement may run, in milliseconds. Then it is stopped on the server: a TimeoutError. */
  readonly statementTimeout?: number | undefined
}

/** What can be asked without holding a connection, and on one. */
export type AsyncSender = Pick<AsyncConnection, 'dialect' | 'values' | 'run'>

/** What a flush sends its statements on. */
export type AsyncWriter = AsyncSender & Pick<AsyncConnection, 'runMany'>

/** A database that lends connections. */
export interface AsyncDatabase {
  readonly dialect: Dialect
  /** Sends one statement by itself, on whichever connection is free. */
  values(sql: string, parameters?: readonly Value[], options?: ConnectOptions): Promise<Value[][]>
  /** Runs one statement by itself, on whichever connection is free. */
  run(sql: string, parameters?: readonly Value[], options?: ConnectOptions): Promise<RunResult>
  /**
   * Lends a connection; waits when all are lent.
   *
   * @throws {PoolTimeoutError} when none was given back in time: it names who has them
   */
  connect(options?: ConnectOptions): Promise<AsyncConnection>
  /** Who has a connection now, and how many wait for one. */
  readonly usage: PoolUsage
  /** Waits until every connection was given back, and closes them. Nobody gets a new one meanwhile. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface PoolUsage {
  /** The most connections that are lent at once. */
  readonly size: number
  readonly holders: readonly Holder[]
  readonly waiting: number
}

/** Somebody who has a connection. */
export interface Holder {
  /** The line of the program that asked for it. */
  readonly callSite: string | undefined
  /** In its place, where it is one statement by itself: what is sent. */
  readonly sql?: string | undefined
  /** How long ago, in milliseconds. */
  readonly milliseconds: number
}

export interface PoolOptions {
  /** The most connections that are lent at once. PostgreSQL: 10; SQLite has one. */
  readonly max?: number
  /** How long to wait for a connection, in milliseconds: 5000. */
  readonly acquireTimeout?: number
  /** How long the server may take to answer a new connection, in milliseconds: 10000. */
  readonly connectTimeout?: number
  /** Somebody who keeps a connection for longer than this, in milliseconds, is named to `onLeak`. */
  readonly leakAfter?: number
  /** Hears of connections that are kept too long, or were lost without being given back. Prints a warning, when nothing else is said. */
  readonly onLeak?: (leak: Leak) => void
}

/** A connection that somebody did not give back. */
export interface Leak extends Holder {
  /** `held`: for longer than `leakAfter`. `lost`: nobody has it any more, and nobody has given it back. */
  readonly kind: 'held' | 'lost'
}
