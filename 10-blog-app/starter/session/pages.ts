import type { Value } from '#shared/driver/driver'
import { decode } from '../mapping/hydrate.ts'
import type { MappedType } from '../mapping/inheritance.ts'
import { ColumnExpression, type Condition } from '../query/expression.ts'
import { and, or } from '../query/logic.ts'

/** The columns of the key, to put rows in the order of their keys. */
export const byKey = ({ mapping }: MappedType): ColumnExpression<any>[] =>
  mapping.table.primaryKey.map((column) => new ColumnExpression(column))

/**
 * The rows that come after a row in the order of the keys.
 *
 * @example
 * afterKey(User, [3, 'Carol'])    // id > ?
 * afterKey(PostTag, [1, 2])       // post_id > ? OR post_id = ? AND tag_id > ?
 */
export function afterKey(type: MappedType, row: readonly Value[]): Condition {
  const parts = byKey(type).map((column) => ({
    column,
    value: decode(column.column, row[column.column.index] ?? null),
  }))
  return or(
    ...parts.map(({ column, value }, i) =>
      and(...parts.slice(0, i).map((one) => one.column.eq(one.value)), column.gt(value)),
    ),
  )
}
