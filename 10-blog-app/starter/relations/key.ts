import { sqlite } from '#shared/driver/dialect'
import type { Column } from '../mapping/column.ts'
import type { Mapped } from '../mapping/mapped.ts'
import type { Relation } from './relation.ts'

/** What `from` holds in this object, as the program has it; undefined when it has no key yet. */
export const fromValue = (object: Mapped, { from }: Relation): unknown => valueIn(object, from)

/** What an object holds for a column. */
export const valueIn = (object: Mapped, { property }: Column): unknown =>
  (object as unknown as Record<string, unknown>)[property]

/**
 * The key under which the related rows of an object are found: the value of `from`, as the column `to` would hold it.
 * Null and undefined point to nothing.
 */
export const relatedKey = (object: Mapped, relation: Relation): unknown =>
  converted(fromValue(object, relation), relation.from, relation.to)

/** The same key in another column's type: 1 in an integer column is 1n in a bigint column. */
export function converted(value: unknown, from: Column, to: Column): unknown {
  if (value === null || value === undefined || from.type === to.type) return value
  // Any dialect does: they differ in booleans only, which are no keys.
  return to.type.fromDatabase(narrowed(from.type.toDatabase(value, sqlite)))
}

/** A bigint as a number, where a number can hold it: as the driver gives it. */
export const narrowed = <T>(value: T): T | number =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value

export const isNothing = (key: unknown): key is null | undefined =>
  key === null || key === undefined
