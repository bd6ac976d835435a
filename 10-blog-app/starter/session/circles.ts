import { randomUUID } from 'node:crypto'
import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import type { Change, Delete, Insert, Update } from './change-set.ts'
import type { Dependencies, Dependency } from './dependencies.ts'

// Changes that wait for each other in a circle. One of them takes a detour: an UPDATE more.

/** A change that waits, and what it waits for. */
interface Wait extends Dependency {
  readonly waiting: Change
}

/**
 * The same changes without this circle; undefined when no column of it can be left open for a while.
 *
 * @example
 * // Two new rows that point to each other: one comes with NULL, and gets its foreign key when both are there.
 * // INSERT INTO teams (name, captain_id) VALUES (?, NULL)
 * // INSERT INTO players (name, team_id) VALUES (?, ?)
 * // UPDATE teams SET captain_id = ? WHERE id = ?
 *
 * @example
 * // Two users that swap their addresses: one is parked on a value that nobody has.
 * // UPDATE users SET email = ? WHERE id = ?
 */
export function withoutCircle(
  changes: readonly Change[],
  circle: readonly Change[],
  dependencies: Dependencies,
): Change[] | undefined {
  for (const wait of waitsIn(circle, dependencies)) {
    const detour = lateReference(wait) ?? earlyRelease(wait)
    if (detour) return changes.flatMap((change) => detour.get(change) ?? [change])
  }
  return undefined
}

/** What takes the place of a change. */
type Detour = ReadonlyMap<Change, readonly Change[]>

function waitsIn(circle: readonly Change[], dependencies: Dependencies): Wait[] {
  return circle.flatMap((waiting, i) => {
    const next = circle[(i + 1) % circle.length]!
    return dependencies
      .of(waiting)
      .filter(({ on }) => on === next)
      .map((dependency) => ({ ...dependency, waiting }))
  })
}

/** The row comes without the reference, which follows when the other row is there. */
function lateReference({ waiting, reason, column }: Wait): Detour | undefined {
  if (reason !== 'reference' || waiting.kind !== 'insert' || !column?.isNullable) return undefined
  return new Map([[waiting, [withoutReference(waiting, column), lateUpdate(waiting, column)]]])
}

function withoutReference(insert: Insert, column: Column): Insert {
  const references = new Map(insert.references)
  references.delete(column)
  return { ...insert, row: insert.row.with(column.index, null), references }
}

function lateUpdate({ object, mapping, row, references }: Insert, column: Column): Update {
  const reference = references.get(column)
  const value = row[column.index] ?? null
  return {
    kind: 'update',
    detour: 'after',
    object,
    mapping,
    assignments: reference ? [] : [{ column, value }],
    references: new Map(reference ? [[column, reference]] : []),
  }
}

/** The value that others wait for goes before its row's own turn comes. */
function earlyRelease({ on, reason, column }: Wait): Detour | undefined {
  if (reason !== 'unique' && reason !== 'pointed to') return undefined
  if ((on.kind !== 'update' && on.kind !== 'delete') || !column) return undefined
  const value = freeValue(column)
  if (value === undefined) return undefined
  return new Map([[on, [earlyUpdate(on, column, value), releasing(on, column)]]])
}

const earlyUpdate = (
  { object, mapping }: Update | Delete,
  column: Column,
  value: Value,
): Update => ({
  kind: 'update',
  detour: 'before',
  object,
  mapping,
  assignments: [{ column, value }],
  references: new Map(),
})

const releasing = (change: Update | Delete, column: Column): Change => ({
  ...change,
  released: new Set([...(change.released ?? []), column]),
})

/** A value that is in nobody's way: NULL where it is allowed, otherwise one that no row has. Undefined when there is none. */
function freeValue(column: Column): Value | undefined {
  if (column.isNullable) return null
  if (column.isPrimaryKey || column.reference) return undefined
  return temporary[column.type.name]?.()
}

const temporary: Readonly<Record<string, () => Value>> = {
  text: () => `parked ${randomUUID()}`,
  integer: () => -Math.floor(Math.random() * 2 ** 31),
  bigint: () => -BigInt(Math.floor(Math.random() * 2 ** 52)),
  real: () => -Math.random(),
}
