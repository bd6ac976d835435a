/**
 * Prepared statements by their SQL: preparing costs more than running a small statement.
 * Bounded, because SQL with a changing number of parameters would fill the memory; what was used longest ago goes first.
 */
export class StatementCache<Statement> {
  readonly #limit: number
  readonly #prepare: (sql: string) => Statement
  /** A Map remembers the order of insertion, so its first key is the one used longest ago. */
  readonly #statements = new Map<string, Statement>()
  #newest = ''
  /** How many were prepared: each SQL once, as long as it is held. */
  prepared = 0

  constructor(limit: number, prepare: (sql: string) => Statement) {
    this.#limit = limit
    this.#prepare = prepare
  }

  get(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known === undefined) return this.#add(sql)
    if (sql !== this.#newest) this.#touch(sql, known)
    return known
  }

  get size(): number {
    return this.#statements.size
  }

  clear(): void {
    this.#statements.clear()
  }

  #add(sql: string): Statement {
    const statement = this.#prepare(sql)
    this.prepared += 1
    if (this.#statements.size >= this.#limit) this.#forgetOldest()
    this.#touch(sql, statement)
    return statement
  }

  #touch(sql: string, statement: Statement): void {
    this.#statements.delete(sql)
    this.#statements.set(sql, statement)
    this.#newest = sql
  }

  #forgetOldest(): void {
    const [oldest] = this.#statements.keys()
    if (oldest !== undefined) this.#statements.delete(oldest)
  }
}
