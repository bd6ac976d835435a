/** Thrown by every task that is not written yet, so a red test names the next thing to write. */
export class TodoError extends Error {
  override readonly name = 'TodoError'
  readonly task: string

  constructor(task: string) {
    super(`${task} — not written yet.`)
    this.task = task
  }
}

/**
 * Marks a gap in a starter. `task` is the task's heading in the README.
 *
 * @example
 * // TODO(2): build an object from the row.
 * return todo('Task 2: hydrate a row')
 *
 * @throws {TodoError} always; its stack begins at the caller, so the report shows the learner's own line.
 */
export function todo(task: string): never {
  const error = new TodoError(task)
  Error.captureStackTrace(error, todo)
  throw error
}
