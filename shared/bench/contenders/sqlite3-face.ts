import Better from 'better-sqlite3'

/**
 * What Sequelize uses of node-sqlite3, on better-sqlite3: callbacks whose `this` says what a statement did. As there, each text is
 * prepared anew; unlike there, no other thread runs it, which is quicker.
 */
export class Database {
  readonly filename: string
  readonly #database: Better.Database

  constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
    this.filename = filename
    this.#database = new Better(filename)
    queueMicrotask(() => opened(null))
  }

  serialize(work: () => unknown): void {
    work()
  }

  run(sql: string, parameters?: unknown, done?: Done): void {
    this.#attempt(sql, done, (statement) => {
      const { changes, lastInsertRowid } = statement.run(bindable(parameters))
      return { meta: new Statement(Number(lastInsertRowid), changes) }
    })
  }

  all(sql: string, parameters?: unknown, done?: Done): void {
    const [values, then] =
      typeof parameters === 'function' ? [[], parameters as Done] : [parameters, done]
    this.#attempt(sql, then, (statement) => ({
      rows: statement.reader ? statement.all(bindable(values)) : [],
      meta: statement.reader ? new Statement(0, 0) : runOf(statement, values),
    }))
  }

  close(done?: (error: Error | null) => void): void {
    this.#database.close()
    done?.(null)
  }

  #attempt(sql: string, done: Done | undefined, work: (statement: Better.Statement) => Outcome) {
    let outcome: Outcome
    try {
      outcome = work(this.#database.prepare(sql))
    } catch (error) {
      if (!done) throw error
      return done.call(new Statement(0, 0), error as Error)
    }
    done?.call(outcome.meta, null, outcome.rows)
  }
}

export const OPEN_READWRITE = 2
export const OPEN_CREATE = 4

type Done = (this: Statement, error: Error | null, rows?: readonly unknown[]) => void

interface Outcome {
  readonly meta: Statement
  readonly rows?: readonly unknown[]
}

/** Sequelize looks for this name. */
class Statement {
  readonly lastID: number
  readonly changes: number

  constructor(lastID: number, changes: number) {
    this.lastID = lastID
    this.changes = changes
  }
}

function runOf(statement: Better.Statement, parameters: unknown): Statement {
  const { changes, lastInsertRowid } = statement.run(bindable(parameters))
  return new Statement(Number(lastInsertRowid), changes)
}

/** node-sqlite3 wants the mark in the name of a parameter, better-sqlite3 does not. */
function bindable(parameters: unknown = []): unknown {
  if (Array.isArray(parameters)) return parameters
  const named = Object.entries(parameters as object)
  return Object.fromEntries(named.map(([name, value]) => [name.replace(/^\$/, ''), value]))
}
