import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import { DataError } from '#shared/driver/errors'
import type { MappedType } from '../mapping/inheritance.ts'
import { logical } from '../query/conditions.ts'
import { CursorError, readCursor, writeCursor } from '../query/cursor.ts'
import { behind, orderOf, type Place, placesOf, reversed } from '../query/keyset.ts'
import { node, type SelectNode } from '../query/nodes.ts'
import { rowCount } from '../query/select-node.ts'

type Row = readonly Value[]

/** Which page of a list. */
export interface PageRequest {
  /** The most objects of one page. */
  readonly size: number
  /** The page behind a cursor. */
  readonly after?: string | undefined
  /** The page before a cursor. */
  readonly before?: string | undefined
}

/** Some objects of a list, and the way to those around them. */
export interface Page<T> {
  readonly items: readonly T[]
  /** The cursor for `after`; undefined when this is the last page. */
  readonly next: string | undefined
  /** The cursor for `before`; undefined when this is the first page. */
  readonly previous: string | undefined
}

/** A page while it is read. */
export class PageReader {
  readonly #places: readonly Place[]
  readonly #request: PageRequest

  /**
   * @throws {RangeError} when the size is no whole number above 0, when both directions are asked for, or when the query has a limit of its own
   * @throws {PageOrderError} when the query is ordered by something that is no column
   */
  constructor(select: SelectNode, { mapping }: MappedType, request: PageRequest, dialect: Dialect) {
    refuse(select, request)
    this.#places = placesOf(select, mapping.table.primaryKey, dialect)
    this.#request = request
  }

  /** The statement for the rows of the page, and one more: it tells whether the list goes on. @throws {CursorError} */
  statement(select: SelectNode): SelectNode {
    const { size } = this.#request
    const { cursor, places } = this.#direction
    const from = cursor === undefined ? [] : [behind(places, readCursor(this.#places, cursor))]
    const where = logical('AND', [...(select.where ? [select.where] : []), ...from])
    const slice = { orderBy: orderOf(places), limit: rowCount(size + 1) }
    return node({ ...select, ...slice, where: from.length > 0 ? where : select.where })
  }

  /** The rows that belong to the page, in the order of the list. */
  rowsOf<R extends Row>(found: readonly R[]): R[] {
    const rows = found.slice(0, this.#request.size)
    return this.#isBackwards ? rows.reverse() : rows
  }

  /** Where the neighbours are. From the side where the page was entered there is always a way back. */
  linksOf(rows: readonly Row[], hasMore: boolean): Omit<Page<never>, 'items'> {
    const [first, last] = [rows[0], rows.at(-1)]
    const { after } = this.#request
    const hasNext = this.#isBackwards || hasMore
    const hasPrevious = this.#isBackwards ? hasMore : after !== undefined
    return {
      next: last && hasNext ? this.#cursorOf(last) : undefined,
      previous: first && hasPrevious ? this.#cursorOf(first) : undefined,
    }
  }

  /** What the database has refused. That a value of a cursor is beyond its column, it alone can know. */
  explain(error: unknown): unknown {
    const cursor = this.#request.after ?? this.#request.before
    if (cursor === undefined || !(error instanceof DataError)) return error
    return new CursorError(cursor, 'its values are beyond what the columns can hold')
  }

  get #isBackwards(): boolean {
    return this.#request.before !== undefined
  }

  /** Backwards is forwards in the reversed order. */
  get #direction(): { cursor: string | undefined; places: readonly Place[] } {
    const { after, before } = this.#request
    if (before === undefined) return { cursor: after, places: this.#places }
    return { cursor: before, places: reversed(this.#places) }
  }

  /** From the row and not from the object, which may hold what is not stored yet. */
  #cursorOf(row: Row): string {
    const values = this.#places.map(({ index }) => row[index] ?? null)
    return writeCursor(this.#places, values)
  }
}

function refuse({ limit, offset }: SelectNode, { size, after, before }: PageRequest): void {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(badSize(size))
  if (after !== undefined && before !== undefined) throw new RangeError(bothWays)
  if (limit || offset) throw new RangeError(sliced)
}

const badSize = (size: unknown) =>
  `A page cannot hold ${String(size)} objects: its size is a whole number above 0. ` +
  'This usually happens when the size comes from a request and was not checked. Check it, and set an upper limit too.'

const bothWays =
  'A page was asked for after one cursor and before another. ' +
  'This usually happens when both parameters of a link are passed on. Pass on one of them.'

const sliced =
  'A page has a size of its own, and this query has a limit or an offset. ' +
  'This usually happens when limit() was there before. Leave it out: page({ size: 20 }).'
