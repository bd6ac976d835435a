import type { Column } from '../mapping/column.ts'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'

/** How to take back what was done in memory: the last thing first, as a database does it with its own log. */
export class UndoLog {
  #steps: (() => void)[] = []

  push(step: () => void): void {
    this.#steps.push(step)
  }

  /** Takes over the steps of another log: what they undo was done after everything here. */
  append(later: UndoLog): void {
    const steps = later.#steps
    later.#steps = []
    for (const step of steps) this.#steps.push(step)
  }

  /** Takes everything back, and is empty. */
  undo(): void {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step()
  }
}

/** Gives a function that brings an object back to what it is now: its state, and the properties of these columns. */
export function rememberObject(
  object: Mapped,
  columns: readonly Column[] = mappingOf(object).table.columns,
): () => void {
  const state = stateOf(object)
  const { status, row, session, references } = state
  const properties = object as unknown as Record<string, unknown>
  const values = columns.map(({ property }) => properties[property])
  return () => {
    Object.assign(state, { status, row, session, references })
    for (const [i, { property }] of columns.entries()) properties[property] = values[i]
  }
}
