import type { Column } from '../mapping/column.ts'
import { typeOf } from '../mapping/inheritance.ts'
import { referencedBy } from '../mapping/references.ts'
import type { Registry } from '../mapping/registry.ts'
import type { Change, RowChange } from './change-set.ts'

/**
 * The tables whose rows a flush has changed, by its own statements or through what the database does by itself when rows go:
 * ON DELETE CASCADE and ON DELETE SET NULL. What a trigger does is known to nobody here.
 *
 * @example
 * writtenTables([{ kind: 'delete', object: post, … }]) // Set { 'posts', 'comments', 'posts_tags' }
 */
export function writtenTables(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.flatMap(tablesOfChange))
}

function tablesOfChange(change: Change): readonly string[] {
  if ('relation' in change) return [change.relation.junction.model.table.name]
  const own = change.mapping.parts.map(({ table }) => table)
  return change.kind === 'delete' ? withFollowers(own, registryOf(change)) : own
}

/** The tables, and those whose rows follow when rows of the former go. The list grows while it is walked. */
function withFollowers(tables: readonly string[], { tables: all }: Registry): readonly string[] {
  const columns = all.flatMap((table) => table.columns).filter(followsDelete)
  const found = new Set(tables)
  for (const gone of found)
    for (const column of columns) if (referencedBy(column)?.table === gone) found.add(column.table)
  return [...found]
}

const followsDelete = ({ reference }: Column): boolean =>
  reference?.onDelete === 'cascade' || reference?.onDelete === 'set null'

const registryOf = ({ object }: RowChange): Registry =>
  (typeOf(object) as unknown as { readonly registry: Registry }).registry
