import { onTestFinished } from 'vitest'
import type { AsyncConnection, AsyncDatabase } from '../../driver/async-driver.ts'
import type { Dialect } from '../../driver/dialect.ts'

/**
 * A database as it is seen through a pooler in transaction mode: each transaction runs on one session of the server, and the
 * next one on another. So does each statement outside of a transaction. Sessions are taken in turn, so that no two that
 * follow each other meet the same by luck. It is closed when the test has ended.
 */
export async function behindPooler(database: AsyncDatabase, size = 4): Promise<AsyncDatabase> {
  const sessions = await Promise.all(Array.from({ length: size }, () => database.connect()))
  const pooler = new Pooler(database.dialect, sessions)
  onTestFinished(close)
  return {
    dialect: database.dialect,
    usage: database.usage,
    connect: async () => new PooledConnection(pooler),
    values: (sql, parameters) => new PooledConnection(pooler).values(sql, parameters),
    run: (sql, parameters) => new PooledConnection(pooler).run(sql, parameters),
    close,
    [Symbol.asyncDispose]: close,
  }

  async function close() {
    for (const session of sessions) await session.release()
    await database.close()
  }
}

/** Who is free stands in front; who was used last goes to the end. */
class Pooler {
  readonly dialect: Dialect
  readonly #free: AsyncConnection[]

  constructor(dialect: Dialect, sessions: readonly AsyncConnection[]) {
    this.dialect = dialect
    this.#free = [...sessions]
  }

  take(): AsyncConnection {
    const session = this.#free.shift()
    if (!session) throw new Error('the pooler has no session left')
    return session
  }

  giveBack(session: AsyncConnection): void {
    this.#free.push(session)
  }
}

class PooledConnection implements AsyncConnection {
  readonly dialect: Dialect
  readonly #pooler: Pooler
  #session: AsyncConnection | undefined

  constructor(pooler: Pooler) {
    this.#pooler = pooler
    this.dialect = pooler.dialect
  }

  all(...call: Parameters<AsyncConnection['all']>) {
    return this.#send(call[0], (session) => session.all(...call))
  }

  get(...call: Parameters<AsyncConnection['get']>) {
    return this.#send(call[0], (session) => session.get(...call))
  }

  values(...call: Parameters<AsyncConnection['values']>) {
    return this.#send(call[0], (session) => session.values(...call))
  }

  run(...call: Parameters<AsyncConnection['run']>) {
    return this.#send(call[0], (session) => session.run(...call))
  }

  runMany(...call: Parameters<AsyncConnection['runMany']>) {
    return this.#send(call[0], (session) => session.runMany(...call))
  }

  exec(script: string) {
    return this.#send(script, (session) => session.exec(script))
  }

  stream(): never {
    throw new Error('nothing streams here')
  }

  async release(): Promise<void> {
    if (this.#session) throw new Error('given back in the middle of a transaction')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release()
  }

  /** BEGIN takes a session for good, and COMMIT or ROLLBACK gives it back. */
  async #send<T>(sql: string, send: (session: AsyncConnection) => Promise<T>): Promise<T> {
    const session = this.#session ?? this.#pooler.take()
    if (/^BEGIN/.test(sql)) this.#session = session
    if (/^(COMMIT|ROLLBACK)$/.test(sql)) this.#session = undefined
    try {
      return await send(session)
    } finally {
      if (!this.#session) this.#pooler.giveBack(session)
    }
  }
}
