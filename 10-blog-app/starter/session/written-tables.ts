import type { Column, ReferentialAction } from '../mapping/column.ts'
import { type MappedType, typeOf } from '../mapping/inheritance.ts'
import { referencedBy } from '../mapping/references.ts'
import type { Registry } from '../mapping/registry.ts'
import type { Change, Delete, Update } from './change-set.ts'

/**
 * The tables whose rows a flush has changed: by its own statements, or through what the database does by itself when rows go
 * or keys change (ON DELETE CASCADE, ON UPDATE SET NULL). What a trigger does is known to nobody here.
 *
 * @example
 * writtenTables([{ kind: 'delete', object: post, … }]) // Set { 'posts', 'comments', 'posts_tags' }
 */
export function writtenTables(changes: readonly Change[]): ReadonlySet<string> {
  const written = new Set(changes.flatMap(tablesOf))
  for (const type of typesIn(changes, isDelete)) addFollowers(type, followsDelete, written)
  for (const type of typesIn(changes, isUpdate)) addFollowers(type, followsUpdate, written)
  return written
}

const tablesOf = (change: Change): readonly string[] =>
  'relation' in change
    ? [change.relation.junction.model.table.name]
    : change.mapping.parts.map(({ table }) => table)

const typesIn = (
  changes: readonly Change[],
  isMeant: (change: Change) => change is Delete | Update,
): Set<MappedType> => new Set(changes.filter(isMeant).map(({ object }) => typeOf(object)))

const isDelete = (change: Change): change is Delete => change.kind === 'delete'

const isUpdate = (change: Change): change is Update => change.kind === 'update'

/** Adds the tables whose rows follow those of a class, and those whose rows follow them. The set grows while it is walked. */
function addFollowers(
  type: MappedType,
  follows: (column: Column) => boolean,
  written: Set<string>,
): void {
  const columns = registryOf(type)
    .tables.flatMap((table) => table.columns)
    .filter(follows)
  const changed = new Set(type.mapping.parts.map(({ table }) => table))
  for (const table of changed)
    for (const column of columns)
      if (referencedBy(column)?.table === table) changed.add(column.table)
  for (const table of changed) written.add(table)
}

const followsUpdate = ({ reference }: Column): boolean => isFollowing(reference?.onUpdate)

/** What follows a delete may change a key, which others follow in turn. */
const followsDelete = (column: Column): boolean =>
  isFollowing(column.reference?.onDelete) || followsUpdate(column)

const isFollowing = (rule: ReferentialAction | undefined): boolean =>
  rule === 'cascade' || rule === 'set null'

const registryOf = (type: MappedType): Registry =>
  (type as unknown as { readonly registry: Registry }).registry
