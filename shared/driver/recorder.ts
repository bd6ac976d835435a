import { callSiteOf, deepTrace } from './call-site.ts'
import type { Connection, Row, RunResult, Value } from './driver.ts'

/** One statement that was sent. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly Value[]
  /** Rows that came back, or rows that were changed. */
  readonly rows: number
  readonly milliseconds: number
  /** When it was sent, in milliseconds of `performance.now()`. */
  readonly startedAt: number
  /** Set when the database refused the statement. */
  readonly error?: unknown
  /** The line of the program that asked for it: the first one outside the driver and the ORM. */
  readonly callSite: string | undefined
}

/** A connection that remembers what was sent on it. */
export interface RecordedConnection extends Connection {
  readonly statements: readonly Statement[]
  /** Empties the memory, so that a test sees only what comes next. */
  forget(): void
}

/**
 * Wraps a connection and records every statement: the one feedback channel of tests, demos and logs.
 *
 * @example
 * const db = record(openSqlite())
 * db.get('SELECT name FROM users WHERE id = ?', [1])
 * db.statements[0] // { sql: 'SELECT name FROM users WHERE id = ?', parameters: [1], rows: 1, milliseconds: 0.02, … }
 */
export function record(
  connection: Connection,
  listener?: (statement: Statement) => void,
): RecordedConnection {
  return new Recorder(connection, listener)
}

class Recorder implements RecordedConnection {
  readonly #connection: Connection
  readonly #listener: ((statement: Statement) => void) | undefined
  #statements: Statement[] = []

  constructor(connection: Connection, listener?: (statement: Statement) => void) {
    this.#connection = connection
    this.#listener = listener
  }

  get dialect() {
    return this.#connection.dialect
  }

  get statements(): readonly Statement[] {
    return this.#statements
  }

  forget(): void {
    this.#statements = []
  }

  all(sql: string, parameters: readonly Value[] = []): Row[] {
    return this.#observe(sql, parameters, count, () => this.#connection.all(sql, parameters))
  }

  get(sql: string, parameters: readonly Value[] = []): Row | undefined {
    return this.#observe(
      sql,
      parameters,
      (row) => (row ? 1 : 0),
      () => this.#connection.get(sql, parameters),
    )
  }

  values(sql: string, parameters: readonly Value[] = []): Value[][] {
    return this.#observe(sql, parameters, count, () => this.#connection.values(sql, parameters))
  }

  run(sql: string, parameters: readonly Value[] = []): RunResult {
    return this.#observe(
      sql,
      parameters,
      (result) => result.changes,
      () => this.#connection.run(sql, parameters),
    )
  }

  exec(script: string): void {
    this.#observe(
      script,
      [],
      () => 0,
      () => this.#connection.exec(script),
    )
  }

  close(): void {
    this.#connection.close()
  }

  #observe<T>(
    sql: string,
    parameters: readonly Value[],
    rows: (result: T) => number,
    send: () => T,
  ): T {
    const trace = deepTrace()
    const start = performance.now()
    try {
      const result = send()
      this.#remember(
        new RecordedStatement(sql, parameters, rows(result), performance.now() - start, trace),
      )
      return result
    } catch (error) {
      this.#remember(
        new RecordedStatement(sql, parameters, 0, performance.now() - start, trace, error),
      )
      throw error
    }
  }

  #remember(statement: Statement): void {
    this.#statements.push(statement)
    this.#listener?.(statement)
  }
}

export class RecordedStatement implements Statement {
  readonly sql: string
  readonly parameters: readonly Value[]
  readonly rows: number
  readonly milliseconds: number
  readonly startedAt: number
  readonly error?: unknown
  readonly #trace: Error | undefined

  constructor(
    sql: string,
    parameters: readonly Value[],
    rows: number,
    milliseconds: number,
    trace?: Error,
    error?: unknown,
  ) {
    this.sql = sql
    this.parameters = [...parameters]
    this.rows = rows
    this.milliseconds = milliseconds
    // It is made as soon as the answer is there.
    this.startedAt = performance.now() - milliseconds
    this.#trace = trace
    if (error !== undefined) this.error = error
  }

  /** Worked out only when somebody asks, because formatting a stack costs more than a small query. */
  get callSite(): string | undefined {
    return this.#trace && callSiteOf(this.#trace)
  }
}

const count = (rows: unknown[]) => rows.length
