import type { Column } from '../mapping/column.ts'
import { referencedBy } from '../mapping/references.ts'
import type { Table } from '../mapping/table.ts'

/** Where a foreign key is looked for, and what an error says about it. */
export interface Search {
  /** The relation: `posts.author`. */
  readonly relation: string
  /** The property that the declaration names, or undefined. */
  readonly named: string | undefined
  /** The option that would name it, as it would stand in the declaration: `belongsTo(…, { foreignKey: 'userId' })`. */
  readonly spelling: (property: string) => string
}

/**
 * The column that a foreign key points to.
 *
 * @example
 * referencedColumn(Post.table.byProperty.userId, User.table) // the column users.id
 */
export function referencedColumn(foreignKey: Column, table: Table): Column {
  const name = referencedBy(foreignKey)?.name
  return table.columns.find((column) => column.name === name)!
}

/** Why the foreign key cannot be told: there is none, there are several, or the named one points elsewhere. */
export function explainSearch(
  from: Table,
  to: Table,
  candidates: readonly Column[],
  { relation, named, spelling }: Search,
): string {
  const known = candidates.map(({ property }) => property)
  const first = known[0] ?? 'userId'
  if (known.length === 0)
    return (
      `${relation} has no foreign key: no column of ${from.name} references ${to.name}. ` +
      `This usually happens when references() is missing. Add it to the column that holds the key: .references(() => X.c.id), where X is the class of ${to.name}.`
    )
  if (named)
    return (
      `${relation} names the foreign key "${named}", and ${from.name}.${named} does not reference ${to.name}. ` +
      `This usually happens after a slip of the pen, or when references() is missing. Choose from ${known.join(', ')}: ${spelling(first)}.`
    )
  return (
    `${relation} can be found by several foreign keys of ${from.name}: ${known.join(', ')}. ` +
    `This usually happens when two relations lead to one table. Say which one is meant: ${spelling(first)}.`
  )
}
