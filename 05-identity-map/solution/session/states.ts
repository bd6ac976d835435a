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
  const { session, status } = stateOf(object)
  if (session && session !== workspace) throw new OtherSessionError(object)
  if (status === 'deleted') throw new ObjectStateError('save', object, status, makeNew)
  if (status !== 'detached') return
  const { root } = mappingOf(object)
  if (workspace.objects.of(root.table).get(identityKey(root.table, stateOf(object).row)))
    throw new DuplicateObjectError(object)
  enter(object, workspace)
}

/** The object stands for its row in this session. */
export function enter(object: Mapped, workspace: Workspace): void {
  const { root, table } = mappingOf(object)
  const state = stateOf(object)
  workspace.objects.of(root.table).set(identityKey(root.table, state.row), object)
  state.status = 'persistent'
  state.session = workspace
  if (workspace.isWeak) watch(table, object)
}

/** The session forgets an object. */
export function leave(object: Mapped, status: Status, { objects, held }: Workspace): void {
  const state = stateOf(object)
  const { root } = mappingOf(object)
  objects.of(root.table).delete(identityKey(root.table, state.row))
  held.delete(object)
  state.status = status
  state.session = undefined
}

/** The session forgets every object. */
export function leaveAll(workspace: Workspace): void {
  for (const object of workspace.objects) Object.assign(stateOf(object), detached)
  workspace.objects.clear()
  workspace.held.clear()
}

const detached = { status: 'detached', session: undefined } as const

const makeNew = 'Make a new object with its values to store it again.'
