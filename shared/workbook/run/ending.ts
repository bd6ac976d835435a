import { Writable } from 'node:stream'
import type { ForksPoolWorker, PoolRunnerInitializer } from 'vitest/node'
import { Spare, type Start } from './spare.ts'

type Worker = typeof ForksPoolWorker

/** How the process of the tests ended and what it said last: when C stops it, nobody else knows. */
export class Ending {
  signal: string | undefined
  /** Resolves when the process has ended and everything that it wrote has come. */
  closed: Promise<unknown> = Promise.resolve()
  readonly #tail = new Tail()
  readonly #spare = new Spare()
  #last: Start | undefined

  /** Where its standard error goes. */
  get errors(): Writable {
    return this.#tail
  }

  get lastWords(): string[] {
    return this.#tail.lines()
  }

  /** vitest's own processes, with an ear at the door. */
  pool(Forks: Worker): PoolRunnerInitializer {
    return {
      name: 'workbook',
      createPoolWorker: (options) => {
        const worker = new Forks(options)
        const start = worker.start.bind(worker)
        this.#last = { program: programOf(worker), env: options.env, execArgv: options.execArgv }
        return Object.assign(worker, {
          _fork: this.#spare.take(this.#last), // vitest starts a process where there is none
          start: () => start().then(() => this.#listen(worker)),
        })
      },
    }
  }

  /** Starts the next process before it is needed. */
  prepare(): void {
    if (this.#last) this.#spare.prepare(this.#last)
  }

  close(): void {
    this.#spare.close()
  }

  #listen(worker: ForksPoolWorker): void {
    this.signal = undefined
    this.#tail.forget()
    this.closed = new Promise((resolve) => {
      worker.on('close', (...[, signal]: unknown[]) => {
        this.signal = signal ? String(signal) : undefined
        resolve(undefined)
      })
    })
  }
}

/** vitest keeps it to itself. */
const programOf = (worker: object) => (worker as { entrypoint: string }).entrypoint

const kept = 4000

/** Empty lines, and the stack traces that Node adds when it is stopped. */
const isNoise = /^\s*$|^\s*at |^\s*\d+: |^-----/

/** Hands everything on to the standard error, and keeps the end of it. Each process in turn writes here. */
class Tail extends Writable {
  #text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#text = (this.#text + chunk.toString()).slice(-kept)
    process.stderr.write(chunk, done)
  }

  /** A pipe ends its target with its source. */
  override end(): this {
    return this
  }

  forget(): void {
    this.#text = ''
  }

  lines(): string[] {
    const lines = this.#text.split(/\r?\n/).filter((line) => !isNoise.test(line))
    return lines.slice(-3)
  }
}
