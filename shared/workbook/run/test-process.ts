import type { ChildProcess } from 'node:child_process'
import type { ForksPoolWorker, PoolWorker, WorkerRequest } from 'vitest/node'

/** Every run leaves something behind; after so many the process is replaced by a new one. */
const enough = 20

/**
 * A test process that can outlive its run: what it has compiled for one run serves the next, which then takes half the time.
 *
 * vitest greets its process before every run and dismisses it after; one that stays hears only the first greeting.
 */
export class TestProcess implements PoolWorker {
  readonly name: string
  readonly cacheFs = true
  readonly #forks: ForksPoolWorker
  #state: 'new' | 'running' | 'waiting' = 'new'
  #runs = 0

  constructor(forks: ForksPoolWorker) {
    this.#forks = forks
    this.name = forks.name
  }

  /** Whether it has finished a run and can serve the next. */
  get isReady(): boolean {
    return this.#state === 'waiting' && this.#runs < enough && this.#child?.connected === true
  }

  async start(): Promise<void> {
    if (this.#state === 'new') await this.#forks.start()
  }

  send(request: WorkerRequest): void {
    const isGreeted = this.#state !== 'new'
    if (request.type === 'stop') this.#answer('stopped', 'waiting')
    else if (request.type === 'start' && isGreeted) this.#answer('started', 'running')
    else this.#pass(request)
  }

  on(event: string, callback: (argument: unknown) => void): void {
    this.#forks.on(event, callback)
  }

  off(event: string, callback: (argument: unknown) => void): void {
    this.#forks.off(event, callback)
  }

  deserialize(data: unknown): unknown {
    return this.#forks.deserialize(data)
  }

  /** Only the ears of the run go; one that was not dismissed politely has to go itself. */
  async stop(): Promise<void> {
    this.#runs += 1
    if (!this.isReady) return this.end()
    for (const event of ['message', 'error']) this.#child?.removeAllListeners(event)
  }

  async end(): Promise<void> {
    if (isAlive(this.#child)) await this.#forks.stop()
  }

  #pass(request: WorkerRequest): void {
    this.#state = 'running'
    this.#forks.send(request)
  }

  #answer(type: string, state: 'running' | 'waiting'): void {
    this.#state = state
    this.#child?.emit('message', { __vitest_worker_response__: true, type })
  }

  /** vitest keeps it to itself. */
  get #child(): ChildProcess | undefined {
    return (this.#forks as unknown as { _fork?: ChildProcess })._fork
  }
}

const isAlive = (child: ChildProcess | undefined): child is ChildProcess =>
  child !== undefined && child.exitCode === null && child.signalCode === null
