import type { Entity } from './entity.ts'
import { AsyncHookError } from './errors.ts'

/** What can happen to an object. `Save` stands around `Create` and `Update`. */
export type Event = 'Save' | 'Create' | 'Update' | 'Delete'

/**
 * Runs a write between the hooks of its object: `before…`, the write, `after…`. When nothing was written there is no `after…`.
 * A hook that throws stops what would come next.
 *
 * @returns what the write returns: whether a statement was sent
 * @throws {AsyncHookError} when a hook returns a promise
 */
export function withHooks(object: Entity, event: Event, write: () => boolean): boolean {
  callHook(object, `before${event}`)
  const wasWritten = write()
  if (wasWritten) callHook(object, `after${event}`)
  return wasWritten
}

/** TypeScript takes `async beforeSave()` for a `void` method. Nothing here can wait for it, so it is refused. */
function callHook(object: Entity, hook: `${'before' | 'after'}${Event}`): void {
  const result: unknown = object[hook]()
  if (result instanceof Promise) throw new AsyncHookError(hook)
}
