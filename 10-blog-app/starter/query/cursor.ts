import { createHash } from 'node:crypto'
import type { Value } from '#shared/driver/driver'
import { decode } from '../mapping/hydrate.ts'
import type { Place } from './keyset.ts'
import { spelled, unspelled } from './spelling.ts'

/**
 * A row as the address of what comes before and after it: text that a link can hold. It says in which order it counts,
 * so that it is not taken for a place in another one. It is no secret: whoever decodes it sees the values.
 *
 * @example
 * writeCursor(places, ['2026-04-02', 2]) // WyI3ZjFjIiwiMjAyNi0wNC0wMiIsMl0
 */
export function writeCursor(places: readonly Place[], values: readonly Value[]): string {
  const parts = [orderMark(places), ...values.map(spelled)]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * The values in a cursor.
 *
 * @throws {CursorError} when it was cut or changed, or is of another order
 */
export function readCursor(places: readonly Place[], cursor: string): Value[] {
  const [mark, ...parts] = partsOf(cursor)
  if (mark !== orderMark(places)) throw new CursorError(cursor, 'it is of a list in another order')
  if (parts.length !== places.length) throw new CursorError(cursor, 'it is not whole')
  const values = parts.map(unspelled)
  for (const [i, value] of values.entries())
    if (!fits(places[i]!, value)) throw new CursorError(cursor, 'its values are of other types')
  return values as Value[]
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parts)) return parts
  } catch {}
  throw new CursorError(cursor, 'it is not whole')
}

/** A few signs that stand for the order. */
function orderMark(places: readonly Place[]): string {
  const order = places.map(({ expression, isDescending, areNullsFirst }) =>
    [expression.source, expression.name, isDescending, areNullsFirst].join(),
  )
  return createHash('sha256').update(order.join(';')).digest('base64url').slice(0, 6)
}

/** Whether the column could hold the value: a cursor comes from outside, and is not to reach the database as anything else. */
function fits({ column }: Place, value: Value | undefined): boolean {
  if (value === undefined) return false
  if (value === null) return column.isNullable
  try {
    return column.type.accepts(decode(column, value))
  } catch {
    return false
  }
}

/** A cursor that leads nowhere. */
export class CursorError extends Error {
  override readonly name = 'CursorError'

  constructor(cursor: unknown, reason: string) {
    super(
      `The cursor ${JSON.stringify(cursor)} leads nowhere: ${reason}. ` +
        'This usually happens when a link was shortened, or is older than the order of the list. Begin with the first page: leave the cursor out.',
    )
  }
}
