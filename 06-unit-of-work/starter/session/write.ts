import type { Connection, Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, type Reference, stateOf } from '../mapping/mapped.ts'
import type { Change, Delete, Insert, Pairing, References, Update } from './change-set.ts'
import { describeChange } from './describe-change.ts'
import { LostRowError, StaleObjectError } from './errors.ts'
import { deletePair, deleteRow, insertPair, insertRow, updateRow } from './persister.ts'
import type { Assignment } from './statements.ts'
import { WrittenRows } from './written-rows.ts'

// Step 3 of a flush: the statements are sent. No object in memory is touched.

/**
 * Sends the statements of the changes, in their order.
 *
 * @returns the rows that were inserted or updated, with what the database has filled in
 * @throws {LostRowError} when a row is not there any more
 * @throws {StaleObjectError} when a row with a version was changed by somebody else
 * @throws {DatabaseError} when the database refuses a statement
 */
export function writeAll(changes: readonly Change[], connection: Connection): WrittenRows {
  const writer = new Writer(connection)
  let written = 0
  try {
    for (const change of changes) {
      writer.write(change)
      written += 1
    }
  } catch (error) {
    throw located(error, changes, written)
  }
  return writer.rows
}

/** Says in the message where in the flush the error happened. */
function located(error: unknown, changes: readonly Change[], failed: number): unknown {
  if (!(error instanceof Error)) return error
  const start = Math.max(0, failed - 3)
  const lines = changes.slice(start, failed + 4).map((change, i) => {
    const place = start + i
    return `${place === failed ? '▶' : ' '} ${String(place + 1).padStart(3)}  ${describeChange(change)}`
  })
  error.message += `\nThe flush was taken back. It was at ${failed + 1} of ${changes.length} changes:\n${lines.join('\n')}`
  return error
}

class Writer {
  readonly rows = new WrittenRows()
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  write(change: Change): void {
    if (change.kind === 'insert') this.#insert(change)
    else if (change.kind === 'update') this.#update(change)
    else if (change.kind === 'delete') this.#delete(change)
    else this.#pair(change)
  }

  #insert({ object, mapping, row, references }: Insert): void {
    // TODO(5): put the keys of the references into the row: by now their rows are written. `insertRow` sends it, and completes
    // it with what the database has filled in. The row is the new snapshot: keep it in `rows`.
    // No place in it is undefined any more, which TypeScript cannot know: `row as Value[]`.
    todo('Task 5: write it, and take new snapshots')
  }

  #update({ object, mapping, assignments, references }: Update): void {
    // TODO(5): `updateRow` sends the assignments, and those of the references (`#assigned`). It needs the row as it stands in the
    // database (`#rowOf`), and gives false when it met none: that row is `lost`. The new snapshot is the row, `changed`.
    todo('Task 5: write it, and take new snapshots')
  }

  #delete({ object, mapping }: Delete): void {
    // TODO(5): `deleteRow` is like `updateRow`.
    todo('Task 5: write it, and take new snapshots')
  }

  #pair({ kind, relation, object, target }: Pairing): void {
    // TODO(5): a link is `insertPair`, an unlink `deletePair`. Both take two keys: that of the object in the column
    // `relation.from`, and that of the target in `relation.junction.targetKey`.
    todo('Task 5: write it, and take new snapshots')
  }

  /** The keys that rows have by now, for the foreign keys that waited for them. */
  #assigned(references: References): Assignment[] {
    return [...references].map(([column, reference]) => ({ column, value: this.#key(reference) }))
  }

  #key({ target, column }: Reference): Value {
    return this.#rowOf(target)[column.index] ?? null
  }

  #rowOf(object: Mapped): readonly Value[] {
    // TODO(5): the row that this flush has written; for all other objects the snapshot.
    return todo('Task 5: write it, and take new snapshots')
  }
}

function changed(row: readonly Value[], assignments: readonly Assignment[]): Value[] {
  const next = [...row]
  for (const { column, value } of assignments) next[column.index] = value
  return next
}

function lost(object: Mapped, doing: 'UPDATE' | 'DELETE'): LostRowError {
  const version = mappingOf(object).version
  return version
    ? new StaleObjectError(object, doing, stateOf(object).row[version.index])
    : new LostRowError(object, doing)
}
