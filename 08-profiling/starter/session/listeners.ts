/** What can be listened to: before a flush, after one that has written something, and after the end of a transaction. */
export type SessionEvent = 'beforeFlush' | 'afterFlush' | 'afterCommit' | 'afterRollback'

/** Functions that want to hear what happens to a session. */
export class Listeners<Session> {
  readonly #listeners = new Map<SessionEvent, ((session: Session) => void)[]>()

  add(event: SessionEvent, listener: (session: Session) => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
  }

  tell(event: SessionEvent, session: Session): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(session)
  }
}
