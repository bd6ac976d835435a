import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { postgres } from './dialect.ts'
import type { Connection, Row, RunResult, Value } from './driver.ts'
import { ConnectionClosedError, type Failure, UnsupportedValueError } from './errors.ts'
import { translatePostgres } from './postgres-errors.ts'
import { sendable, valueTypes } from './postgres-values.ts'

/**
 * Opens one connection to PostgreSQL that answers like SQLite's: at once, without a promise. It is for tools that do one
 * thing after the other, such as migrations, and for tests.
 *
 * JavaScript cannot wait for a socket. So a second thread talks to the server, and this one sleeps until it rings.
 * **Never use it in a server:** nothing else runs in the thread while it sleeps, no other request and no timer. Stage 09 waits as it should be done.
 *
 * @param url `postgresql://user:password@host:port/database`; `?options=-c%20search_path%3Dblog` sets what a connection begins with
 *
 * @example
 * const connection = openPostgresSync('postgresql://localhost/blog')
 * connection.get('SELECT id, name FROM users WHERE id = $1', [1]) // { id: 1, name: 'Alice' }
 *
 * @throws {DatabaseError} when nobody answers there
 *
 * @see https://nodejs.org/api/worker_threads.html#workerreceivemessageonportport
 */
export function openPostgresSync(url: string): Connection {
  return new PostgresSyncConnection(url)
}

class PostgresSyncConnection implements Connection {
  readonly dialect = postgres
  readonly #thread: Thread
  #isClosed = false

  constructor(url: string) {
    this.#thread = new Thread(url)
    const { failure } = this.#thread.wait()
    if (!failure) return
    this.#thread.end()
    throw translatePostgres({ sql: '(connect)', parameters: [], cause: errorOf(failure) })
  }

  all(sql: string, parameters: readonly Value[] = []): Row[] {
    const { rows, columns } = this.#send(sql, parameters)
    return rows.map((row) => rowOf(columns, valuesOf(columns, row)))
  }

  get(sql: string, parameters: readonly Value[] = []): Row | undefined {
    return this.all(sql, parameters)[0]
  }

  values(sql: string, parameters: readonly Value[] = []): Value[][] {
    const { rows, columns } = this.#send(sql, parameters)
    return rows.map((row) => valuesOf(columns, row))
  }

  run(sql: string, parameters: readonly Value[] = []): RunResult {
    return { changes: this.#send(sql, parameters).changes, lastInsertId: 0 }
  }

  exec(script: string): void {
    this.#ask({ sql: script }, { sql: script, parameters: [], cause: undefined })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#thread.ask({ close: true })
    this.#thread.end()
  }

  #send(sql: string, parameters: readonly Value[]): Result {
    const failure = { sql, parameters, cause: undefined }
    return this.#ask({ sql, parameters: parameters.map(checked(failure)) }, failure)
  }

  #ask(request: Request, statement: Failure): Result {
    if (this.#isClosed) throw new ConnectionClosedError(statement)
    const { failure, result } = this.#thread.ask(request)
    if (failure) throw translatePostgres({ ...statement, cause: errorOf(failure) })
    return result as Result
  }
}

/** The thread that talks to the server, and the bell that it rings after each answer. */
class Thread {
  readonly #bell = new Int32Array(new SharedArrayBuffer(4))
  readonly #port: MessagePort
  readonly #worker: Worker
  #answers = 0

  constructor(url: string) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#worker = new Worker(new URL('./postgres-sync-worker.js', import.meta.url), {
      workerData: { url, port: port2, bell: this.#bell },
      transferList: [port2],
      execArgv: [],
    })
    // A program that forgets close() ends all the same.
    this.#worker.unref()
    this.#port.unref()
  }

  ask(request: Request | { close: true }): Answer {
    this.#port.postMessage(request)
    return this.wait()
  }

  /** Sleeps until one more answer has come than were taken. */
  wait(): Answer {
    Atomics.wait(this.#bell, 0, this.#answers)
    this.#answers += 1
    return receiveMessageOnPort(this.#port)?.message as Answer
  }

  end(): void {
    this.#port.close()
    void this.#worker.terminate()
  }
}

/** Without parameters it is a script. */
interface Request {
  readonly sql: string
  readonly parameters?: readonly unknown[]
}

interface Answer {
  readonly failure?: Report
  readonly result?: Result | undefined
}

interface Result {
  /** Each value as PostgreSQL sends it. */
  readonly rows: readonly (readonly (string | null)[])[]
  readonly columns: readonly { readonly name: string; readonly type: number }[]
  readonly changes: number
}

type Report = { readonly message: string; readonly [field: string]: unknown }

/** An error of another thread arrives as its parts. */
const errorOf = ({ message, ...fields }: Report) => Object.assign(new Error(message), fields)

const valuesOf = (columns: Result['columns'], row: readonly (string | null)[]): Value[] =>
  row.map((text, i) => (text === null ? null : valueTypes.getTypeParser(columns[i]!.type)(text)))

const rowOf = (columns: Result['columns'], values: readonly Value[]): Row =>
  Object.fromEntries(columns.map(({ name }, i) => [name, values[i]!]))

const checked = (failure: Failure) => (value: Value, i: number) => {
  if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array))
    throw new UnsupportedValueError(failure, i + 1, value)
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    throw new UnsupportedValueError(failure, i + 1, value)
  return sendable(value)
}
