import { setImmediate as turn } from 'node:timers/promises'
import { ConcurrentUseError } from './errors.ts'

/**
 * One session does one thing at a time. Its objects, its transaction and its snapshots are one piece of work: a second one in
 * the middle of it would see half of the first.
 */
export class Turns {
  #running: string | undefined
  #whenDone: Promise<unknown> = Promise.resolve()

  /** What the session is doing now, in words. */
  get running(): string | undefined {
    return this.#running
  }

  /** @throws {ConcurrentUseError} when something is running */
  refuse(doing: string): void {
    if (this.#running !== undefined) throw new ConcurrentUseError(doing, this.#running)
  }

  /**
   * Does something, and refuses whatever else is asked for before it is done.
   *
   * @throws {ConcurrentUseError} when something is running
   */
  async alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    this.refuse(doing)
    this.#running = doing
    // Not before the promise is known: the work may lend the session, and hooks have turns of their own then.
    const done = later(work)
    this.#whenDone = done
    try {
      return await done
    } finally {
      this.#running = undefined
    }
  }

  /**
   * Lets functions of the program use the session while it waits for them: a hook in a flush may ask for objects.
   *
   * @throws {ConcurrentUseError} when they leave something running
   */
  async lend<T>(work: () => T | Promise<T>): Promise<T> {
    const [waiting, whenDone] = [this.#running, this.#whenDone]
    this.#running = undefined
    try {
      const result = await work()
      this.refuse('go on')
      return result
    } finally {
      await this.settled()
      this.#running = waiting
      this.#whenDone = whenDone
    }
  }

  /** Waits until nothing is running, whether it succeeds or not. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) {
      await this.#whenDone.catch(() => {})
      await turn()
    }
  }
}

/**
 * Begins when the caller has the promise. The stack of what is sent then goes back through every `await` to the line of the program:
 * for that nothing here uses `then`, and it waits twice, since who hands a promise on without `await` is joined to it a step later.
 *
 * @see https://v8.dev/blog/fast-async
 */
async function later<T>(work: () => Promise<T>): Promise<T> {
  await undefined
  await undefined
  return await work()
}
