import type { Value } from '#shared/driver/driver'
import type { Column } from './column.ts'
import { decode } from './hydrate.ts'
import { mappingOf } from './inheritance.ts'
import { type Mapped, stateOf } from './mapped.ts'
import { ownerOf } from './owner.ts'
import type { Table } from './table.ts'

// The columns of an object are plain properties. Where somebody has to hear that they are touched, accessors take their place:
// an expired object reads its row again first, and an object that is held weakly must not be collected once it may have changed.

/** Puts accessors in the place of the plain properties. The values move to the state. */
export function watch(table: Table, object: Mapped): void {
  const state = stateOf(object)
  if (state.values) return
  const properties = object as unknown as Record<string, unknown>
  state.values = table.columns.map(({ property }) => properties[property])
  Object.defineProperties(object, accessorsOf(table))
}

/** From now on the first touch of a property reads the row again. */
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
      if (isStale(this)) return Reflect.get(this, property)
      const value = stateOf(this).values?.[index]
      // What is inside a Date, JSON or bytes can be changed without a word to us.
      if (typeof value === 'object' && value !== null) hold(this)
      return value
    },
    set(this: Mapped, value: unknown) {
      if (isStale(this)) return void Reflect.set(this, property, value)
      hold(this)
      stateOf(this).values![index] = value
    },
  }
}

/** An expired object is read again. Afterwards it may have plain properties, so the touch is repeated. */
function isStale(object: Mapped): boolean {
  const state = stateOf(object)
  if (!state.isExpired) return false
  ownerOf(object, 'the expired columns', 'Find it again in a session.').refresh(object)
  return true
}

const hold = (object: Mapped) => stateOf(object).session?.hold(object)
