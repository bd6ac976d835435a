import type { AsyncWriter } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import { DatabaseError } from '#shared/driver/errors'
import { mappingOf } from '../mapping/inheritance.ts'
import { type Mapped, type Reference, stateOf } from '../mapping/mapped.ts'
import type { Change, Delete, Insert, Pairing, References, Update } from './change-set.ts'
import { describeChange } from './describe-change.ts'
import { LostRowError, StaleObjectError } from './errors.ts'
import { insertRows } from './insert-batches.ts'
import {
  deletePair,
  deleteRow,
  insertEach,
  insertPair,
  insertRow,
  updateEach,
  updateRow,
} from './persister.ts'
import { inRuns } from './runs.ts'
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
export async function writeAll(
  changes: readonly Change[],
  connection: AsyncWriter,
): Promise<WrittenRows> {
  const writer = new Writer(connection)
  try {
    for (const run of inRuns(changes, connection.dialect)) await writer.write(run)
  } catch (error) {
    throw located(error, changes, writer.written + doneBefore(error))
  }
  return writer.rows
}

/** How many of a run were written before one failed. */
const doneBefore = (error: unknown): number =>
  error instanceof DatabaseError ? (error.before?.length ?? 0) : 0

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
  /** How many changes are done. */
  written = 0
  readonly #connection: AsyncWriter

  constructor(connection: AsyncWriter) {
    this.#connection = connection
  }

  async write(run: readonly Change[]): Promise<void> {
    if (run.length === 1) await this.#write(run[0]!)
    else if (run[0]!.kind === 'insert') await this.#insertMany(run as readonly Insert[])
    else await this.#updateMany(run as readonly Update[])
  }

  async #write(change: Change): Promise<void> {
    if (change.kind === 'insert') await this.#insert(change)
    else if (change.kind === 'update') await this.#update(change)
    else if (change.kind === 'delete') await this.#delete(change)
    else await this.#pair(change)
    this.written += 1
  }

  async #insertMany(inserts: readonly Insert[]): Promise<void> {
    for (const insert of inserts) this.#refer(insert)
    const rows = inserts.map(({ row }) => row)
    const [part] = inserts[0]!.mapping.parts
    const insertAll = this.#connection.dialect.name === 'sqlite' ? insertEach : insertRows
    if (await insertAll(part!, rows, this.#connection)) this.#keep(inserts)
    else for (const insert of inserts) await this.#write(insert)
  }

  #keep(inserts: readonly Insert[]): void {
    for (const { object, row } of inserts) this.rows.set(object, row as Value[])
    this.written += inserts.length
  }

  async #updateMany(updates: readonly Update[]): Promise<void> {
    const rows = updates.map(({ object }) => this.#rowOf(object))
    const wereThere = await updateEach(updates, rows, this.#connection)
    for (const [i, { object, assignments }] of updates.entries()) {
      if (!wereThere[i]) throw lost(object, 'UPDATE')
      this.rows.set(object, changed(rows[i]!, assignments))
      this.written += 1
    }
  }

  /** The keys that the row points to exist by now. */
  #refer({ row, references }: Insert): void {
    for (const [column, reference] of references) row[column.index] = this.#key(reference)
  }

  async #insert(insert: Insert): Promise<void> {
    const { object, mapping, row } = insert
    this.#refer(insert)
    await insertRow(mapping, row, this.#connection)
    this.rows.set(object, row as Value[])
  }

  async #update({ object, mapping, assignments, references }: Update): Promise<void> {
    const row = this.#rowOf(object)
    const all = references.size > 0 ? [...assignments, ...this.#assigned(references)] : assignments
    if (!(await updateRow(mapping, row, all, this.#connection))) throw lost(object, 'UPDATE')
    this.rows.set(object, changed(row, all))
  }

  async #delete({ object, mapping }: Delete): Promise<void> {
    if (!(await deleteRow(mapping, this.#rowOf(object), this.#connection)))
      throw lost(object, 'DELETE')
  }

  async #pair({ kind, relation, object, target }: Pairing): Promise<void> {
    const { from, junction } = relation
    const keys = [
      this.#key({ target: object, column: from }),
      this.#key({ target, column: junction.targetKey }),
    ]
    const send = kind === 'link' ? insertPair : deletePair
    await send(relation, keys, this.#connection)
  }

  /** The keys that rows have by now, for the foreign keys that waited for them. */
  #assigned(references: References): Assignment[] {
    return [...references].map(([column, reference]) => ({ column, value: this.#key(reference) }))
  }

  #key({ target, column }: Reference): Value {
    return this.#rowOf(target)[column.index] ?? null
  }

  #rowOf(object: Mapped): readonly Value[] {
    return this.rows.get(object) ?? stateOf(object).row
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
