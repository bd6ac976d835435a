import type { SessionConnection } from './connection.ts'
import { TransactionLostError } from './errors.ts'
import { UndoLog } from './undo-log.ts'

/**
 * The transaction of a session, and the savepoints in it. Each level has a log of what was done in memory since it began:
 * when the database takes the level back, memory follows.
 *
 * ```text
 * BEGIN                        level 1  log
 *   SAVEPOINT level_1          level 2  log
 *     SAVEPOINT level_2        level 3  log
 * ```
 */
export class Transaction {
  readonly #connection: SessionConnection
  readonly #levels: UndoLog[] = []
  /** A savepoint could not be reached: the database has ended the transaction by itself, and all of it is lost. */
  #isLost = false

  constructor(connection: SessionConnection) {
    this.#connection = connection
  }

  get isOpen(): boolean {
    return this.#levels.length > 0
  }

  /** What a flush sends before its own statements, and after them. A transaction that it has begun stays open. */
  get brackets(): { readonly before: string; readonly after: readonly string[] } {
    if (!this.isOpen) return { before: this.#connection.beginSql, after: [] }
    const name = `level_${this.#depth + 1}`
    return { before: `SAVEPOINT ${name}`, after: [`RELEASE ${name}`] }
  }

  /** What is done in memory on the innermost level. */
  get log(): UndoLog {
    return this.#levels.at(-1)!
  }

  /**
   * Sends BEGIN, or SAVEPOINT inside a transaction.
   *
   * @throws {TransactionLostError} when the transaction around it has ended
   */
  async begin(): Promise<void> {
    this.#checkLost()
    if (this.isOpen) await this.#beginInside()
    else await this.#connection.begin()
    this.#levels.push(new UndoLog())
  }

  /**
   * Sends COMMIT, or RELEASE for a savepoint.
   *
   * @throws {TransactionLostError} when the transaction has ended
   */
  async commit(): Promise<void> {
    this.#checkLost()
    if (this.#depth > 0) await this.#commitInside()
    else await this.#commitAll()
  }

  /** Takes back what was done since the level began, in the database and in memory. */
  async rollback(): Promise<void> {
    if (this.#depth > 0) await this.#rollbackInside()
    else await this.#rollbackAll()
  }

  /**
   * Runs a function on a level of its own.
   *
   * @returns what the function returns
   * @throws whatever the function throws, after the level was rolled back
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.begin()
    try {
      const result = await work()
      await this.commit()
      return result
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  /** How many levels lie around the innermost one. */
  get #depth(): number {
    return this.#levels.length - 1
  }

  /** Nobody can take it back any more, so its log is forgotten. */
  async #commitAll(): Promise<void> {
    await this.#connection.end('COMMIT')
    this.#levels.pop()
  }

  async #rollbackAll(): Promise<void> {
    await this.#connection.end('ROLLBACK')
    this.#levels.pop()!.undo()
    this.#isLost = false
  }

  async #beginInside(): Promise<void> {
    await this.#connection.run(`SAVEPOINT level_${this.#depth + 1}`)
  }

  /** What was done belongs to the level outside then, which may still be rolled back. */
  async #commitInside(): Promise<void> {
    await this.#connection.run(`RELEASE level_${this.#depth}`)
    const log = this.#levels.pop()!
    this.log.append(log)
  }

  /** ROLLBACK TO leaves the savepoint open, so it is released as well. */
  async #rollbackInside(): Promise<void> {
    await this.#undoDatabase(`ROLLBACK TO level_${this.#depth}`, `RELEASE level_${this.#depth}`)
    this.#levels.pop()!.undo()
  }

  /** Some errors end the transaction by themselves, or the connection is lost: then this fails too, and the first error is the one to report. */
  async #undoDatabase(...statements: readonly string[]): Promise<void> {
    try {
      for (const sql of statements) await this.#connection.run(sql)
    } catch {
      this.#isLost = true
    }
  }

  #checkLost(): void {
    if (this.#isLost) throw new TransactionLostError()
  }
}
