import type { AsyncConnection, AsyncDatabase, ConnectOptions, PoolUsage } from './async-driver.ts'
import { deepTrace } from './call-site.ts'
import type { Row, RunResult, Value } from './driver.ts'
import { DatabaseError } from './errors.ts'
import { RecordedStatement, type Statement } from './recorder.ts'

/** A database that remembers what was sent on all of its connections. */
export interface RecordedDatabase extends AsyncDatabase {
  /** In the order in which they were answered; the last ones, where not all are kept. */
  readonly statements: readonly Statement[]
  /** How many were sent since the beginning, those too that are not remembered any more. */
  readonly sent: number
  /** Empties the memory, so that a test sees only what comes next. */
  forget(): void
}

export interface RecordOptions {
  /**
   * The most statements to remember. All of them, if nothing is said: right for a test, and for a request. What runs for days says
   * a number; with 0 statements are only counted and heard, and do not know the line that asked: that costs next to nothing.
   */
  readonly keep?: number
  /** Hears of each statement when it was answered, in the task that sent it. */
  readonly listener?: (statement: Statement) => void
}

/**
 * Wraps a database and records every statement on its connections: `record`, for those who wait.
 *
 * Recorders may stand one on the other: one that counts for the whole server, and on it one for each request, which goes when
 * the request goes.
 *
 * @example
 * const database = recordAsync(openSqliteAsync())
 * await using connection = await database.connect()
 * await connection.get('SELECT name FROM users WHERE id = ?', [1])
 * database.statements[0] // { sql: 'SELECT name FROM users WHERE id = ?', parameters: [1], rows: 1, … }
 */
export function recordAsync(
  database: AsyncDatabase,
  options: RecordOptions = {},
): RecordedDatabase {
  return new DatabaseRecorder(database, options)
}

/** Where statements go when they were answered. */
class Memory {
  readonly #keep: number
  readonly #listener: RecordOptions['listener']
  statements: Statement[] = []
  sent = 0

  constructor({ keep = Number.POSITIVE_INFINITY, listener }: RecordOptions) {
    this.#keep = keep
    this.#listener = listener
  }

  /** Where the program is now; not asked where nobody will want to know. */
  trace(): Error | undefined {
    return this.#keep > 0 ? deepTrace() : undefined
  }

  add(statement: Statement): void {
    this.sent += 1
    this.statements.push(statement)
    if (this.statements.length > this.#keep) this.statements.shift()
    this.#listener?.(statement)
  }
}

class DatabaseRecorder implements RecordedDatabase {
  readonly #database: AsyncDatabase
  readonly #memory: Memory

  constructor(database: AsyncDatabase, options: RecordOptions) {
    this.#database = database
    this.#memory = new Memory(options)
  }

  get dialect() {
    return this.#database.dialect
  }

  get usage(): PoolUsage {
    return this.#database.usage
  }

  get statements(): readonly Statement[] {
    return this.#memory.statements
  }

  get sent(): number {
    return this.#memory.sent
  }

  forget(): void {
    this.#memory.statements = []
  }

  async connect(options?: ConnectOptions): Promise<AsyncConnection> {
    const connection = await this.#database.connect(options)
    return new ConnectionRecorder(connection, this.#memory)
  }

  values(
    sql: string,
    parameters: readonly Value[] = [],
    options?: ConnectOptions,
  ): Promise<Value[][]> {
    const send = () => this.#database.values(sql, parameters, options)
    return observe(sql, parameters, count, send, this.#memory)
  }

  run(
    sql: string,
    parameters: readonly Value[] = [],
    options?: ConnectOptions,
  ): Promise<RunResult> {
    const send = () => this.#database.run(sql, parameters, options)
    return observe(sql, parameters, changes, send, this.#memory)
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

class ConnectionRecorder implements AsyncConnection {
  readonly #connection: AsyncConnection
  readonly #memory: Memory

  constructor(connection: AsyncConnection, memory: Memory) {
    this.#connection = connection
    this.#memory = memory
  }

  get dialect() {
    return this.#connection.dialect
  }

  all(sql: string, parameters: readonly Value[] = []): Promise<Row[]> {
    return this.#observe(sql, parameters, count, () => this.#connection.all(sql, parameters))
  }

  get(sql: string, parameters: readonly Value[] = []): Promise<Row | undefined> {
    return this.#observe(
      sql,
      parameters,
      (row) => (row ? 1 : 0),
      () => this.#connection.get(sql, parameters),
    )
  }

  values(sql: string, parameters: readonly Value[] = []): Promise<Value[][]> {
    return this.#observe(sql, parameters, count, () => this.#connection.values(sql, parameters))
  }

  run(sql: string, parameters: readonly Value[] = []): Promise<RunResult> {
    return this.#observe(sql, parameters, changes, () => this.#connection.run(sql, parameters))
  }

  /** Recorded one by one. Only all of them together can be timed, so each is given its part. */
  async runMany(sql: string, parameterLists: readonly (readonly Value[])[]): Promise<RunResult[]> {
    const trace = this.#memory.trace()
    const start = performance.now()
    const keep = (results: readonly RunResult[], error?: unknown) => {
      const sent = parameterLists.slice(0, results.length + (error ? 1 : 0))
      const took = (performance.now() - start) / sent.length
      for (const [i, parameters] of sent.entries()) {
        const result = results[i]
        const found = result ? changes(result) : 0
        const failed = result ? undefined : error
        this.#memory.add(new RecordedStatement(sql, parameters, found, took, trace, failed))
      }
    }
    try {
      const results = await this.#connection.runMany(sql, parameterLists)
      keep(results)
      return results
    } catch (error) {
      keep((error instanceof DatabaseError && error.before) || [], error)
      throw error
    }
  }

  exec(script: string): Promise<void> {
    return this.#observe(
      script,
      [],
      () => 0,
      () => this.#connection.exec(script),
    )
  }

  /** Recorded as one statement, when its last part was read or its reader stopped. */
  async *stream(
    sql: string,
    parameters: readonly Value[] = [],
    size?: number,
  ): AsyncGenerator<Value[][]> {
    const trace = this.#memory.trace()
    const start = performance.now()
    let rows = 0
    let error: unknown
    try {
      for await (const part of this.#connection.stream(sql, parameters, size)) {
        rows += part.length
        yield part
      }
    } catch (cause) {
      error = cause
      throw cause
    } finally {
      const took = performance.now() - start
      this.#memory.add(new RecordedStatement(sql, parameters, rows, took, trace, error))
    }
  }

  /** What is sent there nobody records. */
  native(): unknown {
    return this.#connection.native?.()
  }

  release(): Promise<void> {
    return this.#connection.release()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release()
  }

  #observe<T>(
    sql: string,
    parameters: readonly Value[],
    rows: (result: T) => number,
    send: () => Promise<T>,
  ): Promise<T> {
    return observe(sql, parameters, rows, send, this.#memory)
  }
}

async function observe<T>(
  sql: string,
  parameters: readonly Value[],
  rows: (result: T) => number,
  send: () => Promise<T>,
  memory: Memory,
): Promise<T> {
  const trace = memory.trace()
  const start = performance.now()
  const keep = (found: number, error?: unknown) => {
    const took = performance.now() - start
    memory.add(new RecordedStatement(sql, parameters, found, took, trace, error))
  }
  try {
    const result = await send()
    keep(rows(result))
    return result
  } catch (error) {
    keep(0, error)
    throw error
  }
}

const count = (rows: unknown[]) => rows.length
const changes = (result: RunResult) => result.changes
