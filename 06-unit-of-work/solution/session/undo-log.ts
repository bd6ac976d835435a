/** How to take back what was done in memory: the last thing first, as a database does it with its own log. */
export class UndoLog {
  #steps: (() => void)[] = []

  push(step: () => void): void {
    this.#steps.push(step)
  }

  /** Takes over the steps of another log: what they undo was done after everything here. */
  append(later: UndoLog): void {
    for (const step of later.#steps) this.#steps.push(step)
    later.#steps = []
  }

  /** Takes everything back, and is empty. */
  undo(): void {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step()
  }
}
