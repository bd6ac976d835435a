import type { Connection } from '#shared/driver/driver'
import { todo } from '#shared/todo'
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
    else this.#connection.run('BEGIN')
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
    // TODO(7): begin a level, do the work, commit the level, and give what the work has given. When the work or the commit
    // throws, roll the level back, and let the error through. When `begin` throws, there is no level to roll back.
    return todo('Task 7: transactions in transactions')
  }

  /** How many levels lie around the innermost one. */
  get #depth(): number {
    return this.#levels.length - 1
  }

  /** Nobody can take it back any more, so its log is forgotten. */
  #commitAll(): void {
    this.#connection.run('COMMIT')
    this.#levels.pop()
  }

  #rollbackAll(): void {
    this.#undoDatabase('ROLLBACK')
    this.#levels.pop()!.undo()
    this.#isLost = false
  }

  #beginInside(): void {
    // TODO(7): a savepoint needs a name of its own on each level: level_1, level_2, …
    todo('Task 7: transactions in transactions')
  }

  /** What was done belongs to the level outside then, which may still be rolled back. */
  #commitInside(): void {
    // TODO(7): release the savepoint. The level is over, but what it did is not lasting yet: its log goes to the level outside.
    // Take the level off the list first: `this.log` is always that of the innermost level.
    todo('Task 7: transactions in transactions')
  }

  /** ROLLBACK TO leaves the savepoint open, so it is released as well. */
  #rollbackInside(): void {
    // TODO(7): go back to the savepoint, and release it (`#undoDatabase`). The level is over, and memory has to follow.
    todo('Task 7: transactions in transactions')
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
