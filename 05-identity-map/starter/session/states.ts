import { todo } from '#shared/todo'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, type Status, stateOf } from '../mapping/mapped.ts'
import { watch } from '../mapping/watched.ts'
import { DuplicateObjectError, ObjectStateError, OtherSessionError } from './errors.ts'
import { identityKey } from './identity-key.ts'
import type { Workspace } from './workspace.ts'

// How objects come into a session, and leave it.

/**
 * Asks whether an object may be written by this session. A detached one comes back into the session with the snapshot that
 * it had: what was changed meanwhile is a change.
 *
 * @throws {OtherSessionError} when it belongs to another session
 * @throws {DuplicateObjectError} when it is detached, and the session has another object for its row
 * @throws {ObjectStateError} when it is deleted
 */
export function admit(object: Mapped, workspace: Workspace): void {
  // TODO(5): refuse what belongs to another session, and what was deleted (`makeNew` is the way out).
  // A detached object comes back, unless the map has an object for its row already.
  todo('Task 5: come and go')
}

/** The object stands for its row in this session. */
export function enter(object: Mapped, workspace: Workspace): void {
  // TODO(5): into the map, under the key of its row; persistent, and of this session.
  // In a weak session somebody has to hear of changes: `watch(table, object)`.
  todo('Task 5: come and go')
}

/** The session forgets an object. */
export function leave(object: Mapped, status: Status, { objects, held }: Workspace): void {
  // TODO(5): out of the map and of what is held; its status is the one given, and it belongs to no session.
  todo('Task 5: come and go')
}

/** The session forgets every object. */
export function leaveAll(workspace: Workspace): void {
  // TODO(5): every object of the map is `detached` (below); then the map is empty, and nothing is held.
  todo('Task 5: come and go')
}

const detached = { status: 'detached', session: undefined } as const

const makeNew = 'Make a new object with its values to store it again.'
