import { AsyncLocalStorage } from 'node:async_hooks'
import { SessionBusyError } from './errors.ts'

/** The sessions in whose functions of transactions the running code stands. */
const functions = new AsyncLocalStorage<ReadonlySet<Busy>>()

/** What a session is in the middle of: a flush, or the function of a transaction. Not everything can be begun inside of them. */
export class Busy {
  #isFlushing = false
  /** How many functions of transactions are running, one inside the other. */
  #functions = 0
  #whenDone: Promise<unknown> = Promise.resolve()

  /** @throws {SessionBusyError} when a flush is running */
  async whileFlushing(flush: () => Promise<void>): Promise<void> {
    this.refuseInFlush()
    this.#isFlushing = true
    try {
      await flush()
    } finally {
      this.#isFlushing = false
    }
  }

  async whileInFunction<T>(work: () => Promise<T>): Promise<T> {
    this.#functions += 1
    const inside = new Set(functions.getStore()).add(this)
    const done = functions.run(inside, work)
    this.#whenDone = done
    try {
      return await done
    } finally {
      this.#functions -= 1
    }
  }

  /** The function of a transaction that nobody waits for, in words. Code inside of the function does not count: it is part of it. */
  get forgotten(): string | undefined {
    const isForgotten = this.#functions > 0 && !functions.getStore()?.has(this)
    return isForgotten ? 'finish a transaction' : undefined
  }

  /** Waits for the end of functions that were forgotten. */
  async settled(): Promise<void> {
    while (this.forgotten) await this.#whenDone.catch(() => {})
  }

  /** @throws {SessionBusyError} when a flush is running */
  refuseInFlush(): void {
    if (this.#isFlushing)
      throw new SessionBusyError(
        'Cannot flush, or begin or end a transaction now: a flush is running. ' +
          'This usually happens in a hook. What a hook changes before its object is written is part of the running flush: leave the call out.',
      )
  }

  /** @throws {SessionBusyError} inside a flush, and inside the function of a transaction */
  refuseInside(doing: string): void {
    this.refuseInFlush()
    if (this.#functions > 0)
      throw new SessionBusyError(
        `Cannot ${doing} inside the function of transaction(): the function's end commits, and an error in it rolls back. ` +
          'This usually happens when code with a commit of its own is called there. Take the commit out of it, or throw an error to roll back.',
      )
  }
}
