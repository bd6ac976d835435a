/** What can be listened to: before a flush, after one that has written something, and after the end of a transaction. */
export type SessionEvent = 'beforeFlush' | 'afterFlush' | 'afterCommit' | 'afterRollback'

/** Hears of an event of a session. It may ask the session for objects, and is waited for. */
export type Listener<Session> = (session: Session) => void | Promise<void>

/** Functions that want to hear what happens to a session. */
export class Listeners<Session> {
  readonly #listeners = new Map<SessionEvent, Listener<Session>[]>()

  add(event: SessionEvent, listener: Listener<Session>): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
  }

  /** Whether anybody wants to hear of it. */
  hears(event: SessionEvent): boolean {
    return this.#listeners.has(event)
  }

  async tell(event: SessionEvent, session: Session): Promise<void> {
    for (const listener of this.#listeners.get(event) ?? []) await listener(session)
  }
}
