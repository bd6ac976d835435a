import type { AsyncConnection, AsyncDatabase, ConnectOptions, PoolUsage } from './async-driver.ts'
import { deepTrace } from './call-site.ts'
import type { Row, RunResult, Value } from './driver.ts'
import { RecordedStatement, type Statement } from './recorder.ts'

/** A database that remembers what was sent on all of its connections. */
export interface RecordedDatabase extends AsyncDatabase {
  readonly statements: readonly Statement[]
  /** Empties the memory, so that a test sees only what comes next. */
  forget(): void
}

/**
 * Wraps a database and records every statement on its connections: `record`, for those who wait.
 *
 * @example
 * const database = recordAsync(openSqliteAsync())
 * await using connection = await database.connect()
 * await connection.get('SELECT name FROM users WHERE id = ?', [1])
 * database.statements[0] // { sql: 'SELECT name FROM users WHERE id = ?', parameters: [1], rows: 1, … }
 */
export function recordAsync(
  database: AsyncDatabase,
  listener?: (statement: Statement) => void,
): RecordedDatabase {
  return new DatabaseRecorder(database, listener)
}

class DatabaseRecorder implements RecordedDatabase {
  readonly #database: AsyncDatabase
  readonly #listener: ((statement: Statement) => void) | undefined
  #statements: Statement[] = []
  readonly #remember = (statement: Statement) => {
    this.#statements.push(statement)
    this.#listener?.(statement)
  }

  constructor(database: AsyncDatabase, listener?: (statement: Statement) => void) {
    this.#database = database
    this.#listener = listener
  }

  get dialect() {
    return this.#database.dialect
  }

  get usage(): PoolUsage {
    return this.#database.usage
  }

  get statements(): readonly Statement[] {
    return this.#statements
  }

  forget(): void {
    this.#statements = []
  }

  async connect(options?: ConnectOptions): Promise<AsyncConnection> {
    const connection = await this.#database.connect(options)
    return new ConnectionRecorder(connection, this.#remember)
  }

  values(
    sql: string,
    parameters: readonly Value[] = [],
    options?: ConnectOptions,
  ): Promise<Value[][]> {
    const send = () => this.#database.values(sql, parameters, options)
    return observe(sql, parameters, count, send, this.#remember)
  }

  run(
    sql: string,
    parameters: readonly Value[] = [],
    options?: ConnectOptions,
  ): Promise<RunResult> {
    const send = () => this.#database.run(sql, parameters, options)
    return observe(sql, parameters, changes, send, this.#remember)
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
  readonly #remember: (statement: Statement) => void

  constructor(connection: AsyncConnection, remember: (statement: Statement) => void) {
    this.#connection = connection
    this.#remember = remember
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
    const trace = deepTrace()
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
      this.#remember(new RecordedStatement(sql, parameters, rows, took, trace, error))
    }
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
    return observe(sql, parameters, rows, send, this.#remember)
  }
}

async function observe<T>(
  sql: string,
  parameters: readonly Value[],
  rows: (result: T) => number,
  send: () => Promise<T>,
  remember: (statement: Statement) => void,
): Promise<T> {
  const trace = deepTrace()
  const start = performance.now()
  const keep = (found: number, error?: unknown) => {
    const took = performance.now() - start
    remember(new RecordedStatement(sql, parameters, found, took, trace, error))
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
