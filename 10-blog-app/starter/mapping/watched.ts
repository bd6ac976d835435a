import type { Value } from '#shared/driver/driver'
import type { Column } from './column.ts'
import { decode } from './hydrate.ts'
import { mappingOf } from './inheritance.ts'
import { type Mapped, stateOf } from './mapped.ts'
import { nameOf } from './name-of.ts'
import type { Table } from './table.ts'

// The columns of an object are plain properties. Where somebody has to hear that they are touched, accessors take their place:
// the values of an expired object are not to be trusted, and an object that is held weakly must not be collected once it may have changed.

/** A property was touched whose row may be out of date. */
export class ExpiredError extends Error {
  override readonly name = 'ExpiredError'

  constructor(object: Mapped, property: string) {
    super(
      `${nameOf(object)}.${property} is out of date: the object has expired. ` +
        'This usually happens after expire() or rollback(). Read the row again first: await session.refresh(object), or find it again.',
    )
  }
}

/** Puts accessors in the place of the plain properties. The values move to the state. */
export function watch(table: Table, object: Mapped): void {
  const state = stateOf(object)
  if (state.values) return
  const properties = object as unknown as Record<string, unknown>
  state.values = table.columns.map(({ property }) => properties[property])
  Object.defineProperties(object, accessorsOf(table))
}

/** From now on its properties are an ExpiredError, until the row was read again. */
export function expire(object: Mapped): void {
  watch(mappingOf(object).table, object)
  stateOf(object).isExpired = true
}

/** Gives the accessors the values of a row, without anybody hearing of it. */
export function fillWatched(table: Table, object: Mapped, row: readonly Value[]): void {
  stateOf(object).values = table.columns.map((column) => decode(column, row[column.index] ?? null))
}

/** Puts plain properties back, with the values of a row. */
export function unwatch(table: Table, object: Mapped, row: readonly Value[]): void {
  stateOf(object).values = undefined
  for (const column of table.columns) {
    const value = decode(column, row[column.index] ?? null)
    Object.defineProperty(object, column.property, { ...plain, value })
  }
}

const plain = { writable: true, enumerable: true, configurable: true }

const accessors = new WeakMap<Table, PropertyDescriptorMap>()

/** Made once for each table. They are the object's own and enumerable, so that `{ ...user }` and JSON see them. */
function accessorsOf(table: Table): PropertyDescriptorMap {
  const known = accessors.get(table)
  if (known) return known
  const made = Object.fromEntries(
    table.columns.map((column) => [column.property, accessorOf(column)]),
  )
  accessors.set(table, made)
  return made
}

function accessorOf({ property, index }: Column): PropertyDescriptor {
  return {
    enumerable: true,
    configurable: true,
    get(this: Mapped) {
      checkFresh(this, property)
      const value = stateOf(this).values?.[index]
      // What is inside a Date, JSON or bytes can be changed without a word to us.
      if (typeof value === 'object' && value !== null) hold(this)
      return value
    },
    set(this: Mapped, value: unknown) {
      checkFresh(this, property)
      hold(this)
      stateOf(this).values![index] = value
    },
  }
}

/** Nothing can be read at a touch here: a property cannot wait for an answer. */
function checkFresh(object: Mapped, property: string): void {
  if (stateOf(object).isExpired) throw new ExpiredError(object, property)
}

const hold = (object: Mapped) => stateOf(object).session?.hold(object)
