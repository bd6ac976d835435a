import { Writable } from 'node:stream'
import type { ForksPoolWorker, PoolOptions, PoolRunnerInitializer } from 'vitest/node'
import { Spare, type Start } from './spare.ts'
import { TestProcess } from './test-process.ts'

type Worker = typeof ForksPoolWorker

/** How the process of the tests ended and what it said last: when C stops it, nobody else knows. */
export class Ending {
  signal: string | undefined
  /** Resolves when the process has ended and everything that it wrote has come. */
  closed: Promise<unknown> = Promise.resolve()
  readonly #tail = new Tail()
  readonly #spare = new Spare()
  #last: Start | undefined
  #process: TestProcess | undefined

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
        this.signal = undefined
        this.#tail.forget()
        return this.#process?.isReady ? this.#process : this.#fresh(new Forks(options), options)
      },
    }
  }

  /** Gets a process ready before it is needed: the one of the last run, or else a new one. */
  prepare(): void {
    if (this.#last && !this.#process?.isReady) this.#spare.prepare(this.#last)
  }

  /** The next run gets a process of its own. */
  async endProcess(): Promise<void> {
    await this.#process?.end()
    this.#process = undefined
  }

  async close(): Promise<void> {
    this.#spare.close()
    await this.endProcess()
  }

  #fresh(worker: ForksPoolWorker, { env, execArgv }: PoolOptions): TestProcess {
    this.#last = { program: programOf(worker), env, execArgv }
    const start = worker.start.bind(worker)
    const eared = Object.assign(worker, {
      _fork: this.#spare.take(this.#last), // vitest starts a process where there is none
      start: () => start().then(() => this.#listen(worker)),
    })
    this.#process = new TestProcess(eared)
    return this.#process
  }

  #listen(worker: ForksPoolWorker): void {
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
