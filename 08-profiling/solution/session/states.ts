import { mappingOf, typeOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { neighboursOf } from '../relations/gone.ts'
import { DuplicateObjectError, ObjectStateError, OtherSessionError } from './errors.ts'
import { identityKey } from './identity-key.ts'
import { overwrite } from './materialize.ts'
import type { Workspace } from './workspace.ts'

// How objects come into a session, and leave it.

/**
 * Adds objects, and what they are related to in memory.
 *
 * @throws {OtherSessionError} when one belongs to another session
 * @throws {DuplicateObjectError} when a detached one has a twin in the session
 * @throws {ObjectStateError} when one is deleted
 */
export function addAll(objects: readonly Mapped[], workspace: Workspace): void {
  const found = [...objects]
  // The list grows while it is walked: what is related to an added object comes after it.
  for (const object of found) if (add(object, workspace)) found.push(...neighboursOf(object))
}

/** @returns whether the object was not in the session */
function add(object: Mapped, workspace: Workspace): boolean {
  const state = stateOf(object)
  if (state.session === workspace) return workspace.work.deleted.delete(object)
  if (state.session) throw new OtherSessionError(object)
  if (state.status === 'deleted') throw new ObjectStateError('add', object, 'deleted', makeNew)
  if (state.status === 'detached') reattach(object, workspace)
  else {
    state.status = 'pending'
    workspace.work.pending.add(object)
  }
  state.session = workspace
  return true
}

/** A detached object comes back with the snapshot that it had: what was changed meanwhile is a change. */
function reattach(object: Mapped, { objects, work }: Workspace): void {
  const { root } = mappingOf(object)
  const known = objects.of(root.table)
  const key = identityKey(root.table, stateOf(object).row)
  if (known.get(key)) throw new DuplicateObjectError(object)
  known.set(key, object)
  work.held.add(object)
  stateOf(object).status = 'persistent'
}

/**
 * Marks an object for deletion. One that was never stored is simply forgotten.
 *
 * @throws {ObjectStateError} when it is not in the session
 */
export function markDeleted(object: Mapped, workspace: Workspace): void {
  const { session, status } = stateOf(object)
  if (session && session !== workspace) throw new OtherSessionError(object)
  if (!session) throw new ObjectStateError('delete', object, status, notHere)
  if (status === 'pending') expunge(object, workspace)
  else workspace.work.deleted.add(object)
}

/** The session forgets an object. A stored one is detached then, a new one transient. */
export function expunge(object: Mapped, { objects, work }: Workspace): void {
  const state = stateOf(object)
  work.forget(object)
  if (state.status === 'persistent') {
    const { root } = mappingOf(object)
    objects.of(root.table).delete(identityKey(root.table, state.row))
  }
  leave(object)
}

/** The session forgets every object. */
export function expungeAll({ objects, work }: Workspace): void {
  for (const object of [...work.pending, ...objects]) leave(object)
  objects.clear()
  work.clear()
}

function leave(object: Mapped): void {
  const state = stateOf(object)
  state.status = state.status === 'pending' ? 'transient' : 'detached'
  state.session = undefined
}

/**
 * Takes back what was not flushed: new objects are transient again, deletions are forgotten, changed properties get the
 * values of their snapshots, and relations are read again.
 */
export function discard(workspace: Workspace): void {
  const { objects, work } = workspace
  for (const object of [...work.pending]) expunge(object, workspace)
  for (const object of objects)
    if (!stateOf(object).isExpired)
      overwrite(object, { type: typeOf(object), row: stateOf(object).row }, workspace)
  work.clear()
}

const makeNew = 'Make a new object with its values to store it again.'
const notHere = 'Find it in this session, or add it first.'
