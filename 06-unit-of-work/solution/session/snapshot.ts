import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { fill } from '../mapping/hydrate.ts'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { watch } from '../mapping/watched.ts'
import { leaveRelated, neighboursOf } from '../relations/gone.ts'
import { rememberRelated, settleRelated } from '../relations/memory.ts'
import { identityKey } from './identity-key.ts'
import { rememberObject, type UndoLog } from './undo-log.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { WrittenRows } from './write.ts'

// Step 4 of a flush: memory follows the database. Every step is logged, because the transaction may still be rolled back.

/** Takes the rows that were written as the new snapshots. Nothing is left to do for the unit of work. */
export function takeSnapshots(work: UnitOfWork, rows: WrittenRows, log: UndoLog): void {
  const managed = [...work.pending, ...work.candidates()]
  for (const object of work.deleted) markDeleted(object, work, log)
  for (const [object, row] of rows)
    if (!work.deleted.has(object)) takeSnapshot(object, row, work, log)
  for (const object of managed) {
    const { related } = stateOf(object)
    if (related) log.push(settleRelated(object))
  }
  work.clear()
}

/** The object is its row now: the key and whatever else the database has filled in become properties. */
function takeSnapshot(object: Mapped, row: readonly Value[], work: UnitOfWork, log: UndoLog): void {
  const state = stateOf(object)
  const wasNew = state.status === 'pending'
  const gaps = gapsIn(object)
  log.push(rememberObject(object, gaps))
  fill(gaps, object, row)
  state.row = row
  state.references = undefined
  state.status = 'persistent'
  if (wasNew) enter(object, work, log)
}

/** What the database decides: properties without a value, and the version. */
function gapsIn(object: Mapped): readonly Column[] {
  const properties = object as unknown as Record<string, unknown>
  const gaps: Column[] = []
  for (const column of mappingOf(object).table.columns)
    if (properties[column.property] === undefined || column.isVersion) gaps.push(column)
  return gaps
}

/** A new row is a new entry of the identity map. */
function enter(object: Mapped, { objects, isWeak }: UnitOfWork, log: UndoLog): void {
  const { root, table } = mappingOf(object)
  const known = objects.of(root.table)
  const key = identityKey(root.table, stateOf(object).row)
  known.set(key, object)
  log.push(() => known.delete(key))
  if (isWeak) watch(table, object)
}

/** The row is gone. The object keeps its values, and leaves the session and the collections that show it. */
export function markDeleted(object: Mapped, { objects }: UnitOfWork, log: UndoLog): void {
  for (const other of neighboursOf(object)) log.push(rememberRelated(other))
  log.push(rememberObject(object, []))
  const { root } = mappingOf(object)
  const known = objects.of(root.table)
  const key = identityKey(root.table, stateOf(object).row)
  known.delete(key)
  log.push(() => known.set(key, object))
  leaveRelated(object)
  Object.assign(stateOf(object), { status: 'deleted', session: undefined })
}
