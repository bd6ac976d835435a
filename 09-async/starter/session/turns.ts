import { setImmediate as turn } from 'node:timers/promises'
import { todo } from '#shared/todo'
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
    // TODO(1): is something running? Then throw a ConcurrentUseError: it names both.
    todo('Task 1: one thing at a time')
  }

  /**
   * Does something, and refuses whatever else is asked for before it is done.
   *
   * @throws {ConcurrentUseError} when something is running
   */
  async alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    // TODO(1): refuse first. Then note what is running, begin it with `later(work)`, and wait for it. Whatever comes of it, nothing
    // is running afterwards. Keep the promise in `#whenDone` too: `settled` waits for it.
    return todo('Task 1: one thing at a time')
  }

  /**
   * Lets functions of the program use the session while it waits for them: a hook in a flush may ask for objects.
   *
   * @throws {ConcurrentUseError} when they leave something running
   */
  async lend<T>(work: () => T | Promise<T>): Promise<T> {
    const [waiting, whenDone] = [this.#running, this.#whenDone]
    // TODO(1): while the function works, nothing else is running: the session is free. When it is done and something still runs, it
    // has forgotten an await: refuse to 'go on'. In any case wait until all is settled. Then what waited is running again.
    return todo('Task 1: one thing at a time')
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
