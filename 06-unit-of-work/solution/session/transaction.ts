import type { Connection } from '#shared/driver/driver'
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

  /** Sends BEGIN, or SAVEPOINT inside a transaction. */
  begin(): void {
    const depth = this.#levels.length
    this.#connection.run(depth === 0 ? 'BEGIN' : `SAVEPOINT level_${depth}`)
    this.#levels.push(new UndoLog())
  }

  /** Sends COMMIT, or RELEASE for a savepoint: what was done belongs to the level outside then. */
  commit(): void {
    const depth = this.#levels.length - 1
    this.#connection.run(depth === 0 ? 'COMMIT' : `RELEASE level_${depth}`)
    const log = this.#levels.pop()!
    this.#levels.at(-1)?.append(log)
  }

  /** Takes back what was done since the level began, in the database and in memory. */
  rollback(): void {
    const depth = this.#levels.length - 1
    this.#undoDatabase(
      depth === 0 ? ['ROLLBACK'] : [`ROLLBACK TO level_${depth}`, `RELEASE level_${depth}`],
    )
    this.#levels.pop()!.undo()
  }

  /** Some errors end the transaction by themselves, or the connection is lost: then this fails too, and the first error is the one to hear of. */
  #undoDatabase(statements: readonly string[]): void {
    try {
      for (const sql of statements) this.#connection.run(sql)
    } catch {}
  }
}
