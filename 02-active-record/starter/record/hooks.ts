import { todo } from '#shared/todo'
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
  // TODO(7): call the hook before the write, and the hook after it when something was written.
  return write()
}

/** TypeScript takes `async beforeSave()` for a `void` method. Nothing here can wait for it, so it is refused. */
function callHook(record: ActiveRecord, hook: `${'before' | 'after'}${Event}`): void {
  // TODO(7): call the hook; refuse it when it gives back a promise.
  todo('Task 7: let the hooks see it')
}
