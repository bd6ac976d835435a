import type {
  AsyncConnection,
  AsyncDatabase,
  AsyncWriter,
  ConnectOptions,
} from '#shared/driver/async-driver'
import type { RunResult, Value } from '#shared/driver/driver'

/**
 * The connection of a session. Outside a transaction each statement takes whichever connection is free; from BEGIN to COMMIT
 * the session keeps one, and gives it back on every path.
 *
 * ```text
 * find     ──▶ any connection
 * BEGIN    ──▶ takes one  ┐
 * INSERT   ──▶ on it      │  nobody else can have it
 * COMMIT   ──▶ on it      ┘
 * find     ──▶ any connection
 * ```
 */
export class SessionConnection implements AsyncWriter {
  readonly #database: AsyncDatabase
  readonly #options: ConnectOptions
  /** How its transactions begin. */
  readonly beginSql: string
  #held: AsyncConnection | undefined

  /** @param begin how transactions begin: `BEGIN ISOLATION LEVEL SERIALIZABLE` */
  constructor(database: AsyncDatabase, options: ConnectOptions, begin: string) {
    this.#database = database
    this.#options = options
    this.beginSql = begin
  }

  get isInTransaction(): boolean {
    return this.#held !== undefined
  }

  get dialect() {
    return this.#database.dialect
  }

  values(sql: string, parameters?: readonly Value[]): Promise<Value[][]> {
    return this.#held
      ? this.#held.values(sql, parameters)
      : this.#database.values(sql, parameters, this.#options)
  }

  run(sql: string, parameters?: readonly Value[]): Promise<RunResult> {
    return this.#held
      ? this.#held.run(sql, parameters)
      : this.#database.run(sql, parameters, this.#options)
  }

  /** All of them go on one connection. */
  async runMany(sql: string, parameterLists: readonly (readonly Value[])[]): Promise<RunResult[]> {
    if (this.#held) return await this.#held.runMany(sql, parameterLists)
    await using connection = await this.#database.connect(this.#options)
    return await connection.runMany(sql, parameterLists)
  }

  /** Takes a connection and begins a transaction on it. */
  async begin(): Promise<void> {
    this.#held = await this.#database.connect(this.#options)
    try {
      await this.#held.run(this.beginSql)
    } catch (error) {
      await this.#giveBack()
      throw error
    }
  }

  /** Ends the transaction. A COMMIT that fails leaves the connection to the ROLLBACK that follows. */
  async end(sql: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    try {
      await this.#held?.run(sql)
    } catch (error) {
      if (sql === 'COMMIT') throw error
    }
    await this.#giveBack()
  }

  async #giveBack(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    await held?.release()
  }
}
