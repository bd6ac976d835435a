import type { Column } from '../mapping/column.ts'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
import { markDeleted } from './snapshot.ts'
import { rememberObject, type UndoLog } from './undo-log.ts'
import { constraintsOf, heldIn, type UniqueValue } from './unique-values.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/**
 * What the database does by itself when a row goes (ON DELETE CASCADE, ON DELETE SET NULL), done to the objects that are loaded:
 * otherwise the session would go on with rows that are not there any more.
 */
export function followDatabase(gone: Iterable<Mapped>, work: UnitOfWork, log: UndoLog): void {
  for (let rows = new Set(gone); rows.size > 0; ) {
    const values = new Set([...rows].flatMap(keysOf))
    rows = new Set([...work.objects].filter((object) => follow(object, values, work, log)))
  }
}

/** The values by which others point to a row. */
function keysOf(object: Mapped): UniqueValue[] {
  const { unique } = constraintsOf(mappingOf(object))
  return heldIn(stateOf(object).row, unique).map(({ value }) => value)
}

/** @returns whether the object's own row went as well */
function follow(
  object: Mapped,
  gone: ReadonlySet<UniqueValue>,
  work: UnitOfWork,
  log: UndoLog,
): boolean {
  const { foreign } = constraintsOf(mappingOf(object))
  if (foreign.length === 0) return false
  const lost = heldIn(stateOf(object).row, foreign).filter(({ value }) => gone.has(value))
  if (lost.some(({ column }) => column.reference?.onDelete === 'cascade')) {
    markDeleted(object, work, log)
    return true
  }
  for (const { column } of lost)
    if (column.reference?.onDelete === 'set null') setNull(object, column, log)
  return false
}

function setNull(object: Mapped, column: Column, log: UndoLog): void {
  log.push(rememberObject(object))
  const state = stateOf(object)
  state.row = state.row.with(column.index, null)
  Reflect.set(object, column.property, null)
}
