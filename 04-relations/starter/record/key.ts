import type { Dialect } from '#shared/driver/dialect'
import type { Value } from '#shared/driver/driver'
import type { Column } from '../mapping/column.ts'
import { decode } from '../mapping/hydrate.ts'
import type { Table } from '../mapping/table.ts'
import type { Conditions } from './select.ts'

/**
 * The conditions under which a key finds its row.
 *
 * @example
 * keyConditions(User.table, 1)                         // { id: 1 }
 * keyConditions(PostTag.table, { postId: 1, tagId: 2 }) // { postId: 1, tagId: 2 }
 */
export function keyConditions({ primaryKey }: Table, key: unknown): Conditions {
  if (primaryKey.length === 1) return { [primaryKey[0]!.property]: key }
  return Object.fromEntries(
    primaryKey.map(({ property }) => [property, Reflect.get(Object(key), property)]),
  )
}

/** The key of a stored row, as a person would write it: `1`, or `{ postId: 1, tagId: 2 }`. */
export function keyOfRow({ primaryKey }: Table, row: readonly Value[]): unknown {
  if (primaryKey.length === 1) return decode(primaryKey[0]!, valueIn(row, primaryKey[0]!))
  return Object.fromEntries(
    primaryKey.map((column) => [column.property, decode(column, valueIn(row, column))]),
  )
}

/** `id = ?`, or `post_id = ? AND tag_id = ?`. Its parameters are the values of the key. */
export function keyCondition({ primaryKey }: Table, dialect: Dialect): string {
  return primaryKey.map((column) => `${dialect.quoteIdentifier(column.name)} = ?`).join(' AND ')
}

/** The key under which the database knows the row: from the snapshot, because the program may have changed the property. */
export const storedKey = ({ primaryKey }: Table, row: readonly Value[]): Value[] =>
  primaryKey.map((column) => valueIn(row, column))

const valueIn = (row: readonly Value[], column: Column): Value => row[column.index] ?? null
