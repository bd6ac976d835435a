import type { Value } from '#shared/driver/driver'
import type { Mapped } from '../mapping/mapped.ts'

type Row = readonly Value[]

/**
 * The rows of objects as they stand in the database after the flush. Mostly they are only collected, so it is a list;
 * it becomes a Map when somebody asks for one of them.
 */
export class WrittenRows implements Iterable<readonly [Mapped, Row]> {
  #list: (readonly [Mapped, Row])[] = []
  #byObject: Map<Mapped, Row> | undefined

  /** The row that was written last for an object; undefined when there is none. */
  get(object: Mapped): Row | undefined {
    this.#byObject ??= new Map(this.#list)
    return this.#byObject.get(object)
  }

  set(object: Mapped, row: Row): void {
    if (this.#byObject) this.#byObject.set(object, row)
    else this.#list.push([object, row])
  }

  [Symbol.iterator](): Iterator<readonly [Mapped, Row]> {
    return (this.#byObject ?? this.#list)[Symbol.iterator]()
  }
}
