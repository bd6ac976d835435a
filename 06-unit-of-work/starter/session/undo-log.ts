import { todo } from '#shared/todo'
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
    // TODO(6): run the steps, the last one first. Undo twice, and nothing happens twice.
    todo('Task 6: all or nothing')
  }
}

/** Gives a function that brings an object back to what it is now: its state, and the properties of these columns. */
export function rememberObject(
  object: Mapped,
  columns: readonly Column[] = mappingOf(object).table.columns,
): () => void {
  // TODO(6): note what the object is now: status, row, session and references of its state, and the properties of the columns.
  // The function that is given back puts all of that in its place again, however much later it is called.
  return () => todo('Task 6: all or nothing')
}
