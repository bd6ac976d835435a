import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { fill } from '../mapping/hydrate.ts'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { watch } from '../mapping/watched.ts'
import { leaveRelated, neighboursOf } from '../relations/gone.ts'
import { rememberRelated, settleRelated } from '../relations/memory.ts'
import { type IdentityKey, identityKey } from './identity-key.ts'
import type { IdentityMap, ObjectsByKey } from './identity-map.ts'
import { rememberObject, type UndoLog } from './undo-log.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { WrittenRows } from './written-rows.ts'

// Step 4 of a flush: memory follows the database. Every step is logged, because the transaction may still be rolled back.

/** Takes the rows that were written as the new snapshots. Nothing is left to do for the unit of work. */
export function takeSnapshots(work: UnitOfWork, rows: WrittenRows, log: UndoLog): void {
  const managed = [...work.pending, ...work.candidates()]
  for (const object of work.deleted) markDeleted(object, work, log)
  for (const [object, row] of rows) if (!work.deleted.has(object)) takeSnapshot(object, row, log)
  enterAll(work.pending, work, log)
  for (const object of managed) {
    const { related } = stateOf(object)
    if (related) log.push(settleRelated(object))
  }
  work.clear()
}

/** The object is its row now: the key and whatever else the database has filled in become properties. */
function takeSnapshot(object: Mapped, row: readonly Value[], log: UndoLog): void {
  const state = stateOf(object)
  const gaps = gapsIn(object)
  log.push(rememberObject(object, gaps))
  fill(gaps, object, row)
  state.row = row
  state.references = undefined
  state.status = 'persistent'
}

/** What the database decides: properties without a value, and the version. */
function gapsIn(object: Mapped): readonly Column[] {
  const properties = object as unknown as Record<string, unknown>
  const gaps: Column[] = []
  for (const column of mappingOf(object).columns)
    if (properties[column.property] === undefined || column.isVersion) gaps.push(column)
  return gaps
}

/** New rows are new entries of the identity map. */
function enterAll(created: Iterable<Mapped>, { objects, isWeak }: UnitOfWork, log: UndoLog): void {
  const entered = [...created]
  for (const object of entered) {
    entriesOf(object, objects).set(keyOf(object), object)
    if (isWeak) watch(mappingOf(object).table, object)
  }
  log.push(() => {
    for (const object of entered) entriesOf(object, objects).delete(keyOf(object))
  })
}

const entriesOf = (object: Mapped, objects: IdentityMap): ObjectsByKey =>
  objects.of(mappingOf(object).root.table)

const keyOf = (object: Mapped): IdentityKey =>
  identityKey(mappingOf(object).root.table, stateOf(object).row)

/** The row is gone. The object keeps its values, and leaves the session and the collections that show it. */
export function markDeleted(object: Mapped, { objects }: UnitOfWork, log: UndoLog): void {
  for (const other of neighboursOf(object)) log.push(rememberRelated(other))
  log.push(rememberObject(object, []))
  const known = entriesOf(object, objects)
  const key = keyOf(object)
  known.delete(key)
  log.push(() => known.set(key, object))
  leaveRelated(object)
  Object.assign(stateOf(object), { status: 'deleted', session: undefined })
}
