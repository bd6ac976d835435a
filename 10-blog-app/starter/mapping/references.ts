import type { Column } from './column.ts'
import { DeclarationError } from './errors.ts'
import type { Table } from './table.ts'

/** The column that a foreign key points to. */
export type Referenced = Pick<Column, 'table' | 'name'>

/**
 * Where a column points to; undefined when it is no foreign key.
 *
 * @example
 * referencedBy(Post.table.byProperty.userId) // { table: 'users', name: 'id' }
 *
 * @throws {DeclarationError} when references() does not name a column
 */
export function referencedBy(column: Column): Referenced | undefined {
  if (!column.reference) return undefined
  const target: Partial<Column> | undefined = column.reference.column()
  if (typeof target?.table === 'string' && typeof target.name === 'string')
    return { table: target.table, name: target.name }
  throw new DeclarationError(
    `${column.table}.${column.property} references something that is not a column. ` +
      'This usually happens when the property is misspelt. Write references(() => User.c.id).',
  )
}

/** The columns of a table that point to another. */
export const referencesTo = (from: Table, to: Table): readonly Column[] =>
  from.columns.filter((column) => {
    const { table, name } = referencedBy(column) ?? {}
    return to.columns.some((other) => other.table === table && other.name === name)
  })
