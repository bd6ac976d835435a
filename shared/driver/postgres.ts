import pg from 'pg'
import type {
  AsyncConnection,
  AsyncDatabase,
  ConnectOptions,
  PoolOptions,
  PoolUsage,
} from './async-driver.ts'
import { postgres } from './dialect.ts'
import type { Row, RunResult, Value } from './driver.ts'
import { ConnectionClosedError, DatabaseError } from './errors.ts'
import { type Lease, Leases } from './leases.ts'
import { translatePostgres } from './postgres-errors.ts'
import { sendable, valueTypes } from './postgres-values.ts'

/**
 * Opens a PostgreSQL database, or one that speaks its protocol. Connections are made when they are asked for, and kept for the next one.
 *
 * Nothing is left behind on a connection (no settings, no prepared statements), so that a pooler that lends it for one
 * transaction at a time may stand between.
 *
 * @example
 * await using database = openPostgres('postgresql://localhost/blog', { max: 10 })
 * await using connection = await database.connect()
 */
export function openPostgres(url: string, options: PoolOptions = {}): AsyncDatabase {
  return new PostgresDatabase(url, options)
}

/**
 * The client of `pg` behind a connection, until the connection is given back: for LISTEN, COPY, and what else the driver leaves out.
 * Its values and its errors are those of `pg`.
 *
 * @example
 * await using connection = await database.connect()
 * const client = clientOf(connection)
 * client.on('notification', ({ payload }) => console.log(payload))
 * await client.query('LISTEN posts')
 *
 * @throws {TypeError} when the connection is none to PostgreSQL
 *
 * @see https://node-postgres.com/apis/client
 */
export function clientOf(connection: AsyncConnection): pg.PoolClient {
  const client = connection.native?.()
  if (client instanceof pg.Client) return client as pg.PoolClient
  throw new TypeError(
    `There is no client of pg behind this connection: it speaks ${connection.dialect.name}. ` +
      'This usually happens when code for PostgreSQL runs on the SQLite of a test. Ask connection.dialect.name first.',
  )
}

class PostgresDatabase implements AsyncDatabase {
  readonly dialect = postgres
  readonly #pool: pg.Pool
  readonly #leases: Leases

  constructor(url: string, options: PoolOptions) {
    const max = options.max ?? 10
    const connectionTimeoutMillis = options.connectTimeout ?? 10_000
    this.#leases = new Leases(max, options)
    // pipeline: whoever sends many statements need not wait for the answer of each before the next one leaves.
    const pipeline = true
    this.#pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis, pipeline })
    // A connection that breaks while nobody has it is thrown away by the pool. There is nobody to tell.
    this.#pool.on('error', () => {})
  }

  get usage(): PoolUsage {
    return this.#leases.usage
  }

  async connect(options?: ConnectOptions): Promise<AsyncConnection> {
    const connection = await this.#take(options)
    connection.watch()
    return connection
  }

  async #take(options: ConnectOptions = {}, sql?: string): Promise<PostgresConnection> {
    const lease = await this.#leases.take(options.signal, sql)
    try {
      const client = await this.#pool.connect()
      const stop = () => cancel(client as unknown as Target)
      return new PostgresConnection(client, lease, options, stop)
    } catch (cause) {
      lease.giveBack()
      throw translatePostgres({ sql: '(connect)', parameters: [], cause })
    }
  }

  async values(
    sql: string,
    parameters?: readonly Value[],
    options?: ConnectOptions,
  ): Promise<Value[][]> {
    // Nobody else sees this connection, so nobody can forget it: it need not be watched.
    await using connection = await this.#take(options, sql)
    return await connection.values(sql, parameters)
  }

  async run(
    sql: string,
    parameters?: readonly Value[],
    options?: ConnectOptions,
  ): Promise<RunResult> {
    await using connection = await this.#take(options, sql)
    return await connection.run(sql, parameters)
  }

  async close(): Promise<void> {
    await this.#leases.close()
    if (!this.#pool.ended) await this.#pool.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

class PostgresConnection implements AsyncConnection {
  readonly dialect = postgres
  readonly #client: pg.PoolClient
  readonly #lease: Lease
  readonly #options: ConnectOptions
  readonly #stop: () => Promise<void>
  readonly #health = new Health()
  #isReleased = false

  constructor(
    client: pg.PoolClient,
    lease: Lease,
    options: ConnectOptions,
    stop: () => Promise<void>,
  ) {
    this.#client = client
    this.#lease = lease
    this.#options = options
    this.#stop = stop
    // The server may end the connection between two statements: without a listener that would end the program.
    client.on('error', this.#health.spoil)
  }

  /** When its user is collected and has not given it back, it is closed. What is called then must not know the connection itself. */
  watch(): void {
    const client = this.#client
    this.#lease.watch(this, () => client.release(true))
  }

  async all(sql: string, parameters: readonly Value[] = []): Promise<Row[]> {
    return (await this.#send<Row>(sql, parameters)).rows
  }

  async get(sql: string, parameters: readonly Value[] = []): Promise<Row | undefined> {
    return (await this.all(sql, parameters))[0]
  }

  async values(sql: string, parameters: readonly Value[] = []): Promise<Value[][]> {
    return (await this.#send<Value[]>(sql, parameters, 'array')).rows
  }

  async run(sql: string, parameters: readonly Value[] = []): Promise<RunResult> {
    const answer = await this.#send<Row>(sql, parameters)
    if (sql === 'COMMIT' && answer.command === 'ROLLBACK') throw refusedCommit()
    return resultOf(answer)
  }

  /**
   * All of them leave before the first answer comes. In a transaction those behind one that fails are refused as well, so the first
   * error is the one to hear of.
   */
  async runMany(sql: string, parameterLists: readonly (readonly Value[])[]): Promise<RunResult[]> {
    const watch = this.#watch(sql, parameterLists[0] ?? [])
    const answers = await Promise.allSettled(
      parameterLists.map((parameters) => this.#ask<Row>(sql, parameters).finally(watch.again)),
    )
    await watch.end()
    return resultsOf(answers)
  }

  /** Without parameters `pg` sends a plain query, and that may hold several statements. */
  async exec(script: string): Promise<void> {
    await this.#send(script, [])
  }

  /**
   * The rows stay on the server, behind a cursor. A cursor lives in a transaction, so one is begun when none is open.
   *
   * @example
   * for await (const rows of connection.stream('SELECT id, title FROM posts', [], 1000)) …
   * // BEGIN; DECLARE rows_1 CURSOR FOR SELECT …; FETCH 1000 FROM rows_1; …; CLOSE rows_1; COMMIT
   */
  async *stream(
    sql: string,
    parameters: readonly Value[] = [],
    size = 1000,
  ): AsyncGenerator<Value[][]> {
    const isOurs = this.#client.getTransactionStatus() === 'I'
    const cursor = `rows_${nextCursor()}`
    if (isOurs) await this.run('BEGIN')
    try {
      await this.run(`DECLARE ${cursor} CURSOR FOR ${sql}`, parameters)
      for (;;) {
        const rows = await this.values(`FETCH ${size} FROM ${cursor}`)
        if (rows.length > 0) yield rows
        if (rows.length < size) break
      }
    } finally {
      await this.#endStream(isOurs ? 'COMMIT' : `CLOSE ${cursor}`)
    }
  }

  native(): pg.PoolClient {
    if (this.#isReleased)
      throw new ConnectionClosedError({ sql: '(client)', parameters: [], cause: undefined })
    this.#health.spoil()
    // pg refuses other queries than its own, those of pg-cursor for example, on a connection that is a pipeline.
    Object.assign(this.#client, { pipeline: false })
    return this.#client
  }

  /** A connection whose transaction is still open is not given to anybody else: what is in it would be theirs. */
  async release(): Promise<void> {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#client.off('error', this.#health.spoil)
    this.#client.release(this.#health.isSpoilt || this.#client.getTransactionStatus() !== 'I')
    this.#lease.giveBack()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release()
  }

  /** After an error the transaction is dead, and its cursors with it: then whoever began it has to end it. */
  async #endStream(sql: string): Promise<void> {
    if (this.#isReleased) return
    if (sql !== 'COMMIT' && this.#client.getTransactionStatus() !== 'T') return
    try {
      await this.run(sql)
    } catch {
      this.#health.spoil()
    }
  }

  async #send<R extends pg.QueryResultRow | Value[]>(
    sql: string,
    parameters: readonly Value[],
    rowMode?: 'array',
  ): Promise<Answer<R>> {
    const watch = this.#watch(sql, parameters)
    try {
      return await this.#ask(sql, parameters, rowMode)
    } finally {
      await watch.end()
    }
  }

  async #ask<R extends pg.QueryResultRow | Value[]>(
    sql: string,
    parameters: readonly Value[],
    rowMode?: 'array',
  ): Promise<Answer<R>> {
    try {
      const text = { text: sql, values: parameters.map(sendable), types: valueTypes }
      const query = rowMode ? { ...text, rowMode } : text
      return (await this.#client.query(query as pg.QueryConfig)) as never
    } catch (cause) {
      this.#options.signal?.throwIfAborted()
      const error = translatePostgres({ sql, parameters, cause })
      if (error.name === 'ConnectionLostError') this.#health.spoil()
      throw error
    }
  }

  /** Stops the statement on the server, when its time is over or when the program says so. */
  #watch(sql: string, parameters: readonly Value[]): Watch {
    if (this.#isReleased) throw new ConnectionClosedError({ sql, parameters, cause: undefined })
    const { signal, statementTimeout } = this.#options
    signal?.throwIfAborted()
    if (!signal && !statementTimeout) return nothingToEnd
    let stopping: Promise<void> | undefined
    const stop = () => {
      this.#health.spoil()
      stopping = this.#stop()
    }
    const timer = statementTimeout ? setTimeout(stop, statementTimeout) : undefined
    signal?.addEventListener('abort', stop, { once: true })
    return {
      again: () => timer?.refresh(),
      end: async () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', stop)
        await stopping
      },
    }
  }
}

/**
 * Whether a connection may be lent again: not when it broke, or when a late cancellation may still reach it. It knows nothing of
 * the connection: the client keeps its listeners, and through them it would keep a connection that nobody has any more.
 */
class Health {
  isSpoilt = false
  readonly spoil = () => {
    this.isSpoilt = true
  }
}

/** What `pg` answers, as far as it is used here. */
interface Answer<R> {
  readonly rows: R[]
  readonly rowCount: number | null
  readonly command: string
}

const resultOf = ({ rowCount }: Answer<Row>): RunResult => ({
  changes: rowCount ?? 0,
  lastInsertId: 0,
})

/** @throws the first error, with the results of what came before it */
function resultsOf(answers: readonly PromiseSettledResult<Answer<Row>>[]): RunResult[] {
  const results: RunResult[] = []
  for (const answer of answers) {
    if (answer.status === 'fulfilled') results.push(resultOf(answer.value))
    else {
      if (answer.reason instanceof DatabaseError) answer.reason.before = results
      throw answer.reason
    }
  }
  return results
}

interface Watch {
  /** The next statement has the whole time for itself. */
  again(): void
  end(): Promise<void>
}

const nothingToEnd: Watch = { again: () => {}, end: async () => {} }

/** After an error PostgreSQL answers COMMIT with ROLLBACK, and calls it a success. */
const refusedCommit = () =>
  new DatabaseError(
    'COMMIT has kept nothing: a statement of the transaction had failed.',
    'This usually happens when the error of that statement was caught inside of the transaction. Let it go through to where the transaction began.',
    { sql: 'COMMIT', parameters: [], cause: undefined },
  )

let cursors = 0
const nextCursor = () => ++cursors

/**
 * Asks the server to stop what a connection is doing, through a second connection: the first one is busy.
 * The protocol has its own message for it, which a pooler passes on.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
function cancel(target: Target): Promise<void> {
  const { host, port, ssl, processID, secretKey } = target
  const messenger = new pg.Connection({ ssl } as never) as unknown as Messenger
  return new Promise<void>((resolve) => {
    const send = () => messenger.cancel(processID, secretKey)
    messenger.once('connect', () => (ssl ? messenger.requestSsl() : send()))
    messenger.once('sslconnect', send)
    // The server answers by closing the connection. An error here means that there is nothing left to stop.
    messenger.once('end', resolve).once('error', resolve)
    if (host.startsWith('/')) messenger.connect(`${host}/.s.PGSQL.${port}`)
    else messenger.connect(port, host)
  })
}

/** Parts of `pg` that its types leave out: the statement to stop is named by the process that runs it, and by its secret. */
interface Target {
  readonly host: string
  readonly port: number
  readonly ssl: unknown
  readonly processID: number
  readonly secretKey: number
}
interface Messenger extends NodeJS.EventEmitter {
  connect(port: number | string, host?: string): void
  requestSsl(): void
  cancel(processID: number, secretKey: number): void
}
