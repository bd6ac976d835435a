import type { Connection } from '#shared/driver/driver'
import { TransactionLostError } from './errors.ts'
import { UndoLog } from './undo-log.ts'

/** The connections on which a session has a transaction open. Who reads on one of them sees what may be taken back. */
const connections = new WeakSet<Connection>()

/** Whether any session has a transaction open on a connection. */
export const isInTransaction = (connection: Connection): boolean => connections.has(connection)

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
  readonly #connection: Connection
  readonly #levels: UndoLog[] = []
  /** A savepoint could not be reached: the database has ended the transaction by itself, and all of it is lost. */
  #isLost = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get isOpen(): boolean {
    return this.#levels.length > 0
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
  begin(): void {
    this.#checkLost()
    if (this.isOpen) this.#beginInside()
    else this.#beginFirst()
    this.#levels.push(new UndoLog())
  }

  /**
   * Sends COMMIT, or RELEASE for a savepoint.
   *
   * @throws {TransactionLostError} when the transaction has ended
   */
  commit(): void {
    this.#checkLost()
    if (this.#depth > 0) this.#commitInside()
    else this.#commitAll()
  }

  /** Takes back what was done since the level began, in the database and in memory. */
  rollback(): void {
    if (this.#depth > 0) this.#rollbackInside()
    else this.#rollbackAll()
  }

  /**
   * Runs a function on a level of its own.
   *
   * @returns what the function returns
   * @throws whatever the function throws, after the level was rolled back
   */
  run<T>(work: () => T): T {
    this.begin()
    try {
      const result = work()
      this.commit()
      return result
    } catch (error) {
      this.rollback()
      throw error
    }
  }

  /** How many levels lie around the innermost one. */
  get #depth(): number {
    return this.#levels.length - 1
  }

  #beginFirst(): void {
    this.#connection.run('BEGIN')
    connections.add(this.#connection)
  }

  /** Nobody can take it back any more, so its log is forgotten. */
  #commitAll(): void {
    this.#connection.run('COMMIT')
    connections.delete(this.#connection)
    this.#levels.pop()
  }

  #rollbackAll(): void {
    this.#undoDatabase('ROLLBACK')
    connections.delete(this.#connection)
    this.#levels.pop()!.undo()
    this.#isLost = false
  }

  #beginInside(): void {
    this.#connection.run(`SAVEPOINT level_${this.#depth + 1}`)
  }

  /** What was done belongs to the level outside then, which may still be rolled back. */
  #commitInside(): void {
    this.#connection.run(`RELEASE level_${this.#depth}`)
    const log = this.#levels.pop()!
    this.log.append(log)
  }

  /** ROLLBACK TO leaves the savepoint open, so it is released as well. */
  #rollbackInside(): void {
    this.#undoDatabase(`ROLLBACK TO level_${this.#depth}`, `RELEASE level_${this.#depth}`)
    this.#levels.pop()!.undo()
  }

  /** Some errors end the transaction by themselves, or the connection is lost: then this fails too, and the first error is the one to report. */
  #undoDatabase(...statements: readonly string[]): void {
    try {
      for (const sql of statements) this.#connection.run(sql)
    } catch {
      this.#isLost = true
    }
  }

  #checkLost(): void {
    if (this.#isLost) throw new TransactionLostError()
  }
}
