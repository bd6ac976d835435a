import type { Dialect } from '#shared/driver/dialect'
import type { Change, Update } from './change-set.ts'
import { canShare, InsertRun } from './insert-batches.ts'

/**
 * Cuts the changes of a flush into runs: changes that follow each other and are the same statement with other values go to the driver
 * in one call. Every other change is a run of its own. The order stays.
 *
 * On SQLite each row still has its own statement, but there is one promise for all of them: one for each would cost as much as the
 * statement. On a network nobody waits for the answer of each before the next one leaves.
 *
 * @example
 * inRuns([insertAlice, insertBob, updateCarol], postgres) // [[insertAlice, insertBob], [updateCarol]]
 */
export function inRuns(changes: readonly Change[], dialect: Dialect): (readonly Change[])[] {
  const runs: (readonly Change[])[] = []
  let open: InsertRun | UpdateRun | undefined
  for (const change of changes) {
    if (open?.takes(change)) continue
    open = beginRun(change, dialect)
    runs.push(open?.changes ?? [change])
  }
  return runs
}

function beginRun(change: Change, dialect: Dialect): InsertRun | UpdateRun | undefined {
  if (canShare(change, dialect)) return new InsertRun(change, dialect)
  return isPlain(change) ? new UpdateRun(change) : undefined
}

/** So many are on their way at once. */
const longest = 1000

/** Updates of the same columns. */
class UpdateRun {
  readonly changes: Update[]

  constructor(first: Update) {
    this.changes = [first]
  }

  /** Takes a change in, where it fits. */
  takes(change: Change): boolean {
    const first = this.changes[0]!
    const fits =
      isPlain(change) && change.mapping === first.mapping && hasSameColumns(first, change)
    if (!fits || this.changes.length === longest) return false
    this.changes.push(change)
    return true
  }
}

/** One statement, of which everything is known now. */
const isPlain = (change: Change): change is Update =>
  change.kind === 'update' &&
  change.mapping.parts.length === 1 &&
  change.references.size === 0 &&
  change.detour === undefined

const hasSameColumns = ({ assignments }: Update, other: Update): boolean =>
  assignments.length === other.assignments.length &&
  assignments.every(({ column }, i) => column === other.assignments[i]!.column)
