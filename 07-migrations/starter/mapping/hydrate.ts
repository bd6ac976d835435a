import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { Column } from './column.ts'
import { InvalidValueError, UndefinedValueError, UnreadableValueError } from './errors.ts'
import { fillerOf } from './filler.ts'
import { Mapped, stateOf } from './mapped.ts'
import type { Table } from './table.ts'

/**
 * Builds an object from a row of the database, which becomes its snapshot.
 * The class's own constructor does not run: the object is not new, it was stored before.
 *
 * @example
 * hydrate(User.table, User, [1, 'Alice', 'alice@example.com', 30]) // User { id: 1, name: 'Alice', … }
 *
 * @throws {UnreadableValueError} when a column cannot read its value
 */
export function hydrate<T extends Mapped>(
  table: Table,
  type: new (...values: never[]) => T,
  row: readonly Value[],
): T {
  const object = Reflect.construct(Mapped, [], type) as T
  fillerOf(table, decode)(object, row)
  const state = stateOf(object)
  state.status = 'persistent'
  state.row = row
  return object
}

/** Sets the properties of columns to the values that a row has. */
export function fill(columns: readonly Column[], object: object, row: readonly Value[]): void {
  const properties = object as Record<string, unknown>
  for (const column of columns)
    properties[column.property] = decode(column, row[column.index] ?? null)
}

/**
 * The row that an object would be in the database now: the way back from `hydrate`.
 *
 * @throws {InvalidValueError} when a property holds what its column does not take
 */
export function dehydrate(
  { columns }: Pick<Table, 'columns'>,
  object: object,
  dialect: Dialect,
): (Value | undefined)[] {
  return columns.map((column) => {
    const value = (object as Record<string, unknown>)[column.property]
    // SQLite would make a key of its own, and the object would never hear of it.
    if (value === null && column.isPrimaryKey) throw new InvalidValueError(column, value)
    return value === undefined ? undefined : encode(column, value, dialect)
  })
}

/**
 * One value on its way into the database.
 *
 * @throws {InvalidValueError} when the column does not take it
 * @throws {UndefinedValueError} when it is undefined
 */
export function encode(column: Column, value: unknown, dialect: Dialect): Value {
  if (value === null) return null
  if (value === undefined) throw new UndefinedValueError(column, 'the database')
  if (!column.type.accepts(value)) throw new InvalidValueError(column, value)
  return column.type.toDatabase(value, dialect)
}

/**
 * One value on its way out of the database.
 *
 * @throws {UnreadableValueError} when the type of the column cannot read it
 */
export function decode(column: Column, value: Value): unknown {
  if (value === null) return null
  try {
    return column.type.fromDatabase(value)
  } catch (cause) {
    throw new UnreadableValueError(column, value, cause)
  }
}

/** Whether a column holds a value already. A quick look: when it says no, the value has to be converted to be sure. */
export function isStored({ type }: Column, value: unknown, stored: Value): boolean {
  if (value === stored) return true
  return stored !== null && (type.isStored?.(value, stored) ?? false)
}

/** Whether a column holds the same in two rows. */
export function isSame({ type }: Column, one: Value, other: Value): boolean {
  if (one === other) return true
  if (one === null || other === null) return false
  return type.isSame?.(one, other) ?? false
}
