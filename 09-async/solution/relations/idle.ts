import { Mapped, stateOf } from '../mapping/mapped.ts'

/**
 * Refuses to change what objects have in common while a session of theirs is at work. A flush that is halfway would take it for
 * written, and lose it.
 *
 * @throws {ConcurrentUseError} when one of their sessions is busy
 */
export function checkIdle(...objects: readonly unknown[]): void {
  for (const object of objects)
    if (object instanceof Mapped) stateOf(object).session?.checkIdle('relate an object')
}
