import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type pg from 'pg'
import type { Value } from './driver.ts'

/**
 * Writes many rows with COPY, the way of PostgreSQL to take in large amounts: one statement, and then nothing but rows.
 * The rows are taken one after the other, and not faster than the server takes them: they may be more than the memory holds.
 *
 * @param target a table and its columns
 *
 * @example
 * await copyFrom(clientOf(connection), 'tags (id, name)', [[1, 'sql'], [2, 'orm']]) // 2
 * // COPY tags (id, name) FROM STDIN
 *
 * @returns how many rows were stored
 * @throws whatever the server says, in the words of `pg`; or what the rows have thrown. Then no row is stored.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html
 */
export function copyFrom(client: pg.ClientBase, target: string, rows: Rows): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyFrom(`COPY ${target} FROM STDIN`, rows, resolve, reject))
  })
}

/** Rows that are at hand, or that come one after the other. */
type Rows = Iterable<readonly Value[]> | AsyncIterable<readonly Value[]>

/** A part of `pg` that its types leave out. */
interface Wire {
  readonly stream: Writable
  query(sql: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

/** What `pg` takes in the place of a query: it sends itself, and hears every message that comes back. */
class CopyFrom implements pg.Submittable {
  readonly #sql: string
  readonly #rows: Rows
  readonly #resolve: (count: number) => void
  readonly #reject: (error: unknown) => void
  readonly #failed = new AbortController()
  #count = 0
  /** The first thing that went wrong: the server's complaint about what follows is no news. */
  #error: { readonly cause: unknown } | undefined

  constructor(
    sql: string,
    rows: Rows,
    resolve: (count: number) => void,
    reject: (error: unknown) => void,
  ) {
    this.#sql = sql
    this.#rows = rows
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(wire: unknown): void {
    ;(wire as Wire).query(this.#sql)
  }

  /** The server waits for rows now. */
  handleCopyInResponse(wire: Wire): void {
    void this.#send(wire)
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#count = Number(text.split(' ')[1])
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#count)
  }

  handleError(cause: unknown): void {
    this.#error ??= { cause }
    this.#failed.abort()
    this.#reject(this.#error.cause)
  }

  async #send(wire: Wire): Promise<void> {
    try {
      for await (const lines of partsOf(this.#rows)) {
        if (this.#error) return
        wire.sendCopyFromChunk(Buffer.from(lines))
        const { signal } = this.#failed
        if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain', { signal })
        // Where the system takes everything at once, nothing has been read meanwhile: not even that the server refuses.
        await turn()
        if (this.#error) return
      }
      wire.endCopyFrom()
    } catch (cause) {
      if (this.#error) return
      this.#error = { cause }
      wire.sendCopyFail(String(cause))
    }
  }
}

/** Some rows to a message: a message for each would be slow. */
async function* partsOf(rows: Rows): AsyncGenerator<string> {
  let lines = ''
  for await (const row of rows) {
    lines += `${row.map(asText).join('\t')}\n`
    if (lines.length < 65_536) continue
    yield lines
    lines = ''
  }
  if (lines) yield lines
}

/** A value in COPY's own text format: columns end with a tab and rows with a line break, so these are written in another way. */
function asText(value: Value): string {
  if (value === null) return '\\N'
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`
  return String(value).replace(/[\\\t\n\r]/g, (found) => escapes[found]!)
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}
