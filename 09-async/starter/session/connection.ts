import type {
  AsyncConnection,
  AsyncDatabase,
  AsyncWriter,
  ConnectOptions,
} from '#shared/driver/async-driver'
import type { RunResult, Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'

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
    // TODO(2): this takes whichever connection is free. And inside of a transaction?
    return this.#database.values(sql, parameters, this.#options)
  }

  run(sql: string, parameters?: readonly Value[]): Promise<RunResult> {
    // TODO(2): the same here.
    return this.#database.run(sql, parameters, this.#options)
  }

  /** All of them go on one connection. */
  async runMany(sql: string, parameterLists: readonly (readonly Value[])[]): Promise<RunResult[]> {
    if (this.#held) return await this.#held.runMany(sql, parameterLists)
    await using connection = await this.#database.connect(this.#options)
    return await connection.runMany(sql, parameterLists)
  }

  /** Takes a connection and begins a transaction on it. */
  async begin(): Promise<void> {
    // TODO(2): take a connection (with `#options`), keep it in `#held`, and send `beginSql` on it. When that fails, nobody will call
    // `end`: who gives the connection back then?
    todo('Task 2: a connection for a transaction')
  }

  /** Ends the transaction. A COMMIT that fails leaves the connection to the ROLLBACK that follows. */
  async end(sql: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    // TODO(2): send it on the connection that is held, and give that back. When COMMIT fails, throw: a ROLLBACK will follow, and
    // needs the connection. When ROLLBACK fails, the connection is lost, and the transaction with it: that is no news for anybody.
    todo('Task 2: a connection for a transaction')
  }

  async #giveBack(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    await held?.release()
  }
}
