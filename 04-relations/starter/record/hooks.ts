import type { ActiveRecord } from './active-record.ts'
import { AsyncHookError } from './errors.ts'

/** What can happen to a record. `Save` stands around `Create` and `Update`. */
export type Event = 'Save' | 'Create' | 'Update' | 'Delete'

/**
 * Runs a write between its hooks: `before…`, the write, `after…`. When nothing was written there is no `after…`.
 * A hook that throws stops what would come next.
 *
 * @example
 * withHooks(user, 'Delete', () => remove(user, User.table, connection))
 * // user.beforeDelete()
 * // DELETE FROM users WHERE id = ?
 * // user.afterDelete()
 *
 * @returns what the write returns: whether a statement was sent
 * @throws {AsyncHookError} when a hook returns a promise
 */
export function withHooks(record: ActiveRecord, event: Event, write: () => boolean): boolean {
  callHook(record, `before${event}`)
  const wasWritten = write()
  if (wasWritten) callHook(record, `after${event}`)
  return wasWritten
}

/** TypeScript takes `async beforeSave()` for a `void` method. Nothing here can wait for it, so it is refused. */
function callHook(record: ActiveRecord, hook: `${'before' | 'after'}${Event}`): void {
  const result: unknown = record[hook]()
  if (result instanceof Promise) throw new AsyncHookError(hook)
}
