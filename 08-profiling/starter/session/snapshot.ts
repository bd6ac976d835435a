import type { Column } from '../mapping/column.ts'
import { decode } from '../mapping/hydrate.ts'
import { mappingOf } from '../mapping/inheritance.ts'
import { hasRow, type Mapped, stateOf } from '../mapping/mapped.ts'
import { watch } from '../mapping/watched.ts'
import { leaveRelated, neighboursOf } from '../relations/gone.ts'
import { rememberRelated, settleRelated } from '../relations/memory.ts'
import { type IdentityKey, identityKey } from './identity-key.ts'
import type { IdentityMap, ObjectsByKey } from './identity-map.ts'
import { rememberObject, type UndoLog } from './undo-log.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { WrittenRow, WrittenRows } from './written-rows.ts'

// Step 4 of a flush: memory follows the database. Every step is logged, because the transaction may still be rolled back.

/** Takes the rows that were written as the new snapshots. Nothing is left to do for the unit of work. */
export function takeSnapshots(work: UnitOfWork, rows: WrittenRows, log: UndoLog): void {
  const managed = [...work.pending, ...work.candidates()]
  exchangeAll(rows, log)
  for (const object of work.deleted) markDeleted(object, work, log)
  enterAll(work.pending, work, log)
  for (const object of managed) {
    const { related } = stateOf(object)
    if (related) log.push(settleRelated(object))
  }
  work.clear()
}

const noGaps: readonly Column[] = []

/** One step of the log takes all of it back: what an object was before stands in the place of what was written. */
function exchangeAll(rows: WrittenRows, log: UndoLog): void {
  const exchanged: WrittenRow[] = []
  log.push(() => {
    for (const written of exchanged.reverse()) exchange(written)
  })
  let gaps: readonly Column[] = []
  for (const written of rows) {
    gaps = gapsIn(written.object, gaps)
    written.gaps = gaps
    exchanged.push(written)
    exchange(written)
  }
}

/**
 * What the database decides: properties without a value, and the version of a row that was there. Mostly these are the columns
 * that were the gaps of the object before: then it is the same list.
 */
function gapsIn(object: Mapped, before: readonly Column[]): readonly Column[] {
  const { columns, version } = mappingOf(object)
  const isStored = hasRow(object)
  // What is stored has a value for each column, unless it waits for a key: the columns need not be looked at.
  if (isStored && !stateOf(object).references) return version ? [version] : noGaps
  const properties = object as unknown as Record<string, unknown>
  const gaps: Column[] = []
  for (const column of columns)
    if (properties[column.property] === undefined || (isStored && column.isVersion))
      gaps.push(column)
  const isUsual = gaps.length === before.length && gaps.every((gap, i) => gap === before[i])
  return isUsual ? before : gaps
}

/**
 * What was written and what the object was change places: the row, and what depends on it. Done twice, everything is as it was.
 */
function exchange(written: WrittenRow): void {
  const state = stateOf(written.object)
  const { row, status, references } = state
  state.row = written.row
  state.status = written.status
  state.references = written.references
  written.row = row
  written.status = status
  written.references = references
  fillGaps(written)
}

/** The key and whatever else the database has filled in become properties; on the way back they are open again. */
function fillGaps({ object, gaps }: WrittenRow): void {
  const properties = object as unknown as Record<string, unknown>
  const { row, references } = stateOf(object)
  for (const column of gaps) {
    const value = references?.has(column) ? undefined : row[column.index]
    properties[column.property] = value === undefined ? undefined : decode(column, value)
  }
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
