import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import { decode, dehydrate, encode, isSame } from '../mapping/hydrate.ts'
import { mappingOf } from '../mapping/inheritance.ts'
import { hasRow, stateOf } from '../mapping/mapped.ts'
import { leaveRelated } from '../relations/gone.ts'
import { followParents } from '../relations/parents.ts'
import { checkPairs, writePairs } from '../relations/write-pairs.ts'
import type { Entity } from './entity.ts'
import { IdentityChangeError, LostRowError } from './errors.ts'
import { withHooks } from './hooks.ts'
import { deleteRow, insertRow, updateRow } from './persister.ts'
import type { Assignment } from './statements.ts'
import { enter, leave } from './states.ts'
import type { Workspace } from './workspace.ts'

// One object is written at once. (The unit of work will write all of them together.)

/** Stores an object: a new one as a new row, a stored one by the columns that changed. */
export function save(object: Entity, workspace: Workspace): void {
  // One that was detached may bring changes along, and may fail to be written.
  workspace.hold(object)
  const [event, write] = hasRow(object)
    ? (['Update', update] as const)
    : (['Create', insert] as const)
  withHooks(object, 'Save', () =>
    withHooks(object, event, () => {
      followParents(object)
      checkPairs(object)
      const rowWasWritten = write(object, workspace)
      const pairsWereWritten = writePairs(object, workspace.connection)
      workspace.release(object)
      return rowWasWritten || pairsWereWritten
    }),
  )
}

function insert(object: Entity, workspace: Workspace): boolean {
  const mapping = mappingOf(object)
  const row = dehydrate(mapping.table, object, workspace.connection.dialect)
  insertRow(mapping, row, workspace.connection)
  fillGaps(object, row as Value[])
  stateOf(object).row = row as Value[]
  enter(object, workspace)
  return true
}

/** What the database has filled in becomes properties. */
function fillGaps(object: Entity, row: readonly Value[]): void {
  const properties = object as unknown as Record<string, unknown>
  for (const column of mappingOf(object).table.columns)
    properties[column.property] ??= decode(column, row[column.index] ?? null)
}

function update(object: Entity, { connection }: Workspace): boolean {
  const state = stateOf(object)
  const changes = changesOf(object, connection.dialect)
  if (changes.length === 0) return false
  if (!updateRow(mappingOf(object), state.row, changes, connection))
    throw new LostRowError(object, 'UPDATE')
  const row = [...state.row]
  for (const { column, value } of changes) row[column.index] = value
  state.row = row
  return true
}

/**
 * The difference between an object and its snapshot, compared in the database's own values.
 *
 * @throws {IdentityChangeError} when the key, or the class, was changed
 */
export function changesOf(object: Entity, dialect: Dialect): Assignment[] {
  const { row } = stateOf(object)
  const properties = object as unknown as Record<string, unknown>
  const changes = mappingOf(object)
    .table.columns.map((column) => ({
      column,
      value: encode(column, properties[column.property], dialect),
    }))
    .filter(({ column, value }) => !isSame(column, value, row[column.index] ?? null))
  for (const { column, value } of changes)
    if (column.isPrimaryKey || column.discriminator)
      throw new IdentityChangeError(object, column.property, value)
  return changes
}

/** Ends the row of an object. The object keeps its values, and leaves the session and the collections that show it. */
export function remove(object: Entity, workspace: Workspace): void {
  withHooks(object, 'Delete', () => {
    if (!deleteRow(mappingOf(object), stateOf(object).row, workspace.connection))
      throw new LostRowError(object, 'DELETE')
    leave(object, 'deleted', workspace)
    leaveRelated(object)
    return true
  })
}
