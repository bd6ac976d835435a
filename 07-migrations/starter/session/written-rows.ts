import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import type { InstanceState, Mapped, Status } from '../mapping/mapped.ts'

type Row = readonly Value[]

const noGaps: readonly Column[] = []

/** A row that was written, and what changes places with the state of its object when the new snapshots are taken. */
export class WrittenRow {
  readonly object: Mapped
  row: Row
  status: Status = 'persistent'
  references: InstanceState['references'] = undefined
  /** The columns of which the object did not know the value. */
  gaps: readonly Column[] = noGaps

  constructor(object: Mapped, row: Row) {
    this.object = object
    this.row = row
  }
}

/**
 * The rows of objects as they stand in the database after the flush, in the order in which they were written. Mostly they are only
 * collected, so it is a list; a Map is made when somebody asks for one of them.
 */
export class WrittenRows implements Iterable<WrittenRow> {
  readonly #list: WrittenRow[] = []
  #byObject: Map<Mapped, WrittenRow> | undefined

  /** The row that was written last for an object; undefined when there is none. */
  get(object: Mapped): Row | undefined {
    if (this.#list.length === 0) return undefined
    this.#byObject ??= new Map(this.#list.map((written) => [written.object, written]))
    return this.#byObject.get(object)?.row
  }

  set(object: Mapped, row: Row): void {
    const known = this.#byObject?.get(object)
    if (known) known.row = row
    else this.#add(new WrittenRow(object, row))
  }

  [Symbol.iterator](): Iterator<WrittenRow> {
    return this.#list[Symbol.iterator]()
  }

  #add(written: WrittenRow): void {
    this.#list.push(written)
    this.#byObject?.set(written.object, written)
  }
}
