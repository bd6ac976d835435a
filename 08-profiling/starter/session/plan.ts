import { mappingOf } from '../mapping/inheritance.ts'
import type { Mapped } from '../mapping/mapped.ts'
import { nameOf } from '../mapping/name-of.ts'
import { sortTables } from '../mapping/order.ts'
import type { Table } from '../mapping/table.ts'
import type { Change } from './change-set.ts'
import { withoutCircle } from './circles.ts'
import { CircularDependencyError, commitOrder } from './commit-order.ts'
import { Dependencies } from './dependencies.ts'

// Step 2 of a flush: the order in which the changes can be written. Nothing here knows a connection.

/**
 * Puts changes in the order in which the database takes them. Where nothing else is needed: new rows, parents first; changed
 * rows; ended rows, children first; and the pairs, those that end before their objects do, those that begin at the end.
 *
 * @throws {FlushOrderError} when changes wait for each other and none of them can take a detour
 */
export function plan(changes: readonly Change[]): Change[] {
  const ranks = ranksOf(changes)
  for (let open = changes; ; ) {
    const preferred = byPreference(open, ranks)
    const dependencies = new Dependencies(preferred)
    if (preferred.every((change) => dependencies.before(change).length === 0)) return preferred
    try {
      return commitOrder(preferred, (change) => dependencies.before(change))
    } catch (error) {
      if (!(error instanceof CircularDependencyError)) throw error
      open = withoutCircles(preferred, dependencies)
    }
  }
}

/** @throws {FlushOrderError} when one of the circles cannot be opened */
function withoutCircles(changes: readonly Change[], dependencies: Dependencies): readonly Change[] {
  return circlesIn(changes, dependencies).reduce((open, circle) => {
    const opened = withoutCircle(open, circle, dependencies)
    if (!opened) throw new FlushOrderError(circle)
    return opened
  }, changes)
}

/** The circles that can be seen at once: as many as have no change in common. Whoever is in one waits for nobody any more. */
function circlesIn(changes: readonly Change[], dependencies: Dependencies): (readonly Change[])[] {
  const circles: (readonly Change[])[] = []
  const needs = new Map(changes.map((change) => [change, dependencies.before(change)]))
  for (;;) {
    try {
      commitOrder(changes, (change) => needs.get(change)!)
      return circles
    } catch (error) {
      const { circle } = error as CircularDependencyError<Change>
      circles.push(circle)
      for (const change of circle) needs.set(change, [])
    }
  }
}

/** The place of each table among those of the changes: what others point to comes first. */
type Ranks = ReadonlyMap<Table, number>

function ranksOf(changes: readonly Change[]): Ranks {
  const groups = sortTables([...new Set(changes.map(tableOf))])
  return new Map(groups.flatMap((group, i) => group.map((table) => [table, i] as const)))
}

const tableOf = (change: Change): Table =>
  ('mapping' in change ? change.mapping : mappingOf(change.object)).root.table

const stages = { insert: 0, update: 1, unlink: 2, delete: 3, link: 4 }

/** Changes of the same weight stay as they were. */
function byPreference(changes: readonly Change[], ranks: Ranks): Change[] {
  const byWeight = new Map<number, Change[]>()
  for (const change of changes) {
    const weight = stages[change.kind] * 1e6 + placeIn(change, ranks)
    const others = byWeight.get(weight)
    if (others) others.push(change)
    else byWeight.set(weight, [change])
  }
  const weights = [...byWeight.keys()].sort((one, other) => one - other)
  const none: Change[] = []
  return none.concat(...weights.map((weight) => byWeight.get(weight)!))
}

function placeIn(change: Change, ranks: Ranks): number {
  const place = ranks.get(tableOf(change)) ?? 0
  return change.kind === 'delete' ? -place : place
}

/** Changes wait for each other, and every column on the way needs its value at once. */
export class FlushOrderError extends CircularDependencyError<Change> {
  override readonly name = 'FlushOrderError'

  constructor(circle: readonly Change[]) {
    const steps = [...circle, circle[0]!].map(inWords)
    super(
      circle,
      `These changes wait for each other, so none of them can be the first: ${steps.join(' → ')}. ` +
        'This usually happens when rows point to each other, or exchange unique values, through columns that may not be NULL. ' +
        'Declare one of the columns nullable (it is filled in by a second statement then), or flush in two steps.',
    )
  }
}

const inWords = ({ kind, object }: { readonly kind: Change['kind']; readonly object: Mapped }) =>
  `${kind} ${nameOf(object)}`
