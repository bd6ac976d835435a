import { randomUUID } from 'node:crypto'
import type { Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
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
  // TODO(4): try each wait of the circle (`waitsIn`): a late reference, or an early release. The first detour that there is
  // takes the place of its change in the list.
  return todo('Task 4: break a circle')
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
  // TODO(4): only for an insert that waits because of a reference, through a column that may be NULL. In its place come the
  // insert without the reference, and an update that is late.
  return todo('Task 4: break a circle')
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
  // TODO(4): only for the other two reasons, and where an update or a delete holds the value. When `freeValue` has one for
  // the column, an early update comes in front of that change, which then is `releasing` the column no more.
  return todo('Task 4: break a circle')
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
  // TODO(4): NULL is best. A primary key cannot be parked, and a foreign key not on a value that no row has: it would point to
  // nothing. For the others there may be a `temporary` value of the column's type; not every type has one.
  return todo('Task 4: break a circle')
}

const temporary: Readonly<Record<string, () => Value>> = {
  text: () => `parked ${randomUUID()}`,
  integer: () => -Math.floor(Math.random() * 2 ** 31),
  bigint: () => -BigInt(Math.floor(Math.random() * 2 ** 52)),
  real: () => -Math.random(),
}
