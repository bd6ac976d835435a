import type { Column } from '../mapping/column.ts'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { referencedBy } from '../mapping/references.ts'
import type { Registry } from '../mapping/registry.ts'
import type { Change, Delete } from './change-set.ts'

/**
 * The tables whose rows a flush has changed: by its own statements, or through what the database does by itself when rows go
 * (ON DELETE CASCADE, ON DELETE SET NULL). What a trigger does is known to nobody here.
 *
 * @example
 * writtenTables([{ kind: 'delete', object: post, … }]) // Set { 'posts', 'comments', 'posts_tags' }
 */
export function writtenTables(changes: readonly Change[]): ReadonlySet<string> {
  const written = new Set(changes.flatMap(tablesOf))
  const deleted = changes.filter(isDelete).map(({ object }) => typeOf(object))
  for (const type of new Set(deleted)) addFollowers(tablesOfType(type), registryOf(type), written)
  return written
}

const tablesOf = (change: Change): readonly string[] =>
  'relation' in change
    ? [change.relation.junction.model.table.name]
    : change.mapping.parts.map(({ table }) => table)

const isDelete = (change: Change): change is Delete => change.kind === 'delete'

/** Adds the tables whose rows follow when rows of these go, and those whose rows follow them. The set grows while it is walked. */
function addFollowers(
  tables: readonly string[],
  { tables: all }: Registry,
  written: Set<string>,
): void {
  const columns = all.flatMap((table) => table.columns).filter(followsDelete)
  const gone = new Set(tables)
  for (const table of gone)
    for (const column of columns) if (referencedBy(column)?.table === table) gone.add(column.table)
  for (const table of gone) written.add(table)
}

const followsDelete = ({ reference }: Column): boolean =>
  reference?.onDelete === 'cascade' || reference?.onDelete === 'set null'

const tablesOfType = ({ mapping }: MappedType) => mapping.parts.map(({ table }) => table)

const registryOf = (type: MappedType): Registry =>
  (type as unknown as { readonly registry: Registry }).registry
