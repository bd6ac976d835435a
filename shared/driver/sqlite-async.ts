import type {
  AsyncConnection,
  AsyncDatabase,
  ConnectOptions,
  PoolOptions,
  PoolUsage,
} from './async-driver.ts'
import { sqlite } from './dialect.ts'
import type { Row, RunResult, Value } from './driver.ts'
import { ConnectionClosedError, DatabaseError } from './errors.ts'
import { type Lease, Leases } from './leases.ts'
import { openSqlite, type SqliteConnection } from './sqlite.ts'

/**
 * Opens a SQLite database behind the asynchronous face. It has one connection, lent to one after the other: SQLite lets only
 * one write at a time anyway, and a second connection that waits for its lock would stop the whole program while it waits.
 *
 * @example
 * await using database = openSqliteAsync('blog.db')
 * await using connection = await database.connect()
 */
export function openSqliteAsync(file = ':memory:', options: PoolOptions = {}): AsyncDatabase {
  return new SqliteDatabase(openSqlite(file), options)
}

class SqliteDatabase implements AsyncDatabase {
  readonly dialect = sqlite
  readonly #connection: SqliteConnection
  readonly #leases: Leases

  constructor(connection: SqliteConnection, options: PoolOptions) {
    this.#connection = connection
    this.#leases = new Leases(1, options)
  }

  get usage(): PoolUsage {
    return this.#leases.usage
  }

  async connect({ signal }: ConnectOptions = {}): Promise<AsyncConnection> {
    const lease = await this.#leases.take(signal)
    const connection = new SqliteAsyncConnection(this.#connection, lease, signal)
    const database = this.#connection
    lease.watch(connection, () => rollBack(database))
    return connection
  }

  values(sql: string, parameters?: readonly Value[], options?: ConnectOptions): Promise<Value[][]> {
    return this.#alone((connection) => connection.values(sql, parameters), options)
  }

  run(sql: string, parameters?: readonly Value[], options?: ConnectOptions): Promise<RunResult> {
    return this.#alone((connection) => connection.run(sql, parameters), options)
  }

  async close(): Promise<void> {
    await this.#leases.close()
    this.#connection.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** One statement is done before anybody else gets a turn: it needs no lease, unless somebody has one and may be in a transaction. */
  async #alone<T>(
    send: (connection: SqliteConnection) => T,
    { signal }: ConnectOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted()
    if (this.#leases.isFree) return send(this.#connection)
    const lease = await this.#leases.take(signal)
    try {
      return send(this.#connection)
    } finally {
      lease.giveBack()
    }
  }
}

class SqliteAsyncConnection implements AsyncConnection {
  readonly dialect = sqlite
  readonly #connection: SqliteConnection
  readonly #lease: Lease
  readonly #signal: AbortSignal | undefined
  #isReleased = false

  constructor(connection: SqliteConnection, lease: Lease, signal: AbortSignal | undefined) {
    this.#connection = connection
    this.#lease = lease
    this.#signal = signal
  }

  async all(sql: string, parameters: readonly Value[] = []): Promise<Row[]> {
    return this.#lent(sql, parameters).all(sql, parameters)
  }

  async get(sql: string, parameters: readonly Value[] = []): Promise<Row | undefined> {
    return this.#lent(sql, parameters).get(sql, parameters)
  }

  async values(sql: string, parameters: readonly Value[] = []): Promise<Value[][]> {
    return this.#lent(sql, parameters).values(sql, parameters)
  }

  async run(sql: string, parameters: readonly Value[] = []): Promise<RunResult> {
    return this.#lent(sql, parameters).run(sql, parameters)
  }

  /** One promise for all of them: one for each would cost as much as the statement. */
  async runMany(sql: string, parameterLists: readonly (readonly Value[])[]): Promise<RunResult[]> {
    const connection = this.#lent(sql, parameterLists[0] ?? [])
    const results: RunResult[] = []
    try {
      for (const parameters of parameterLists) results.push(connection.run(sql, parameters))
    } catch (error) {
      if (error instanceof DatabaseError) error.before = results
      throw error
    }
    return results
  }

  async exec(script: string): Promise<void> {
    this.#lent(script, []).exec(script)
  }

  async *stream(
    sql: string,
    parameters: readonly Value[] = [],
    size = 1000,
  ): AsyncGenerator<Value[][]> {
    for (const rows of this.#lent(sql, parameters).stream(sql, parameters, size)) {
      yield rows
      // SQLite answers at once: without this nobody else would get a turn until the last row.
      await turn()
    }
  }

  /** What is left open is taken back, so that the next one finds a clean connection. */
  async release(): Promise<void> {
    if (this.#isReleased) return
    this.#isReleased = true
    rollBack(this.#connection)
    this.#lease.giveBack()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release()
  }

  #lent(sql: string, parameters: readonly Value[]): SqliteConnection {
    if (this.#isReleased) throw new ConnectionClosedError({ sql, parameters, cause: undefined })
    this.#signal?.throwIfAborted()
    return this.#connection
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function rollBack(connection: SqliteConnection): void {
  if (connection.inTransaction) connection.run('ROLLBACK')
}
