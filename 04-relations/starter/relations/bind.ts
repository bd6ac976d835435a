import { todo } from '#shared/todo'
import type { Column } from '../mapping/column.ts'
import { referencesTo } from '../mapping/references.ts'
import type { Table } from '../mapping/table.ts'
import type { Shape } from '../mapping/types.ts'
import { RelationBuilder, type RelationDefinition } from './declare.ts'
import { RelationError } from './errors.ts'
import { explainSearch, referencedColumn, type Search } from './foreign-key.ts'
import type { Junction, RelatedClass, Relation, Relations } from './relation.ts'

/** The relations of a declaration, each bound to its foreign key. */
export function bindRelations(owner: RelatedClass, shape: Shape): Relations {
  const declared = Object.entries(shape).filter(([, one]) => typeof one === 'function')
  return Object.freeze(
    Object.fromEntries(
      declared.map(([property, declare]) => [
        property,
        bindRelation(owner, property, definitionIn(owner, property, declare as () => unknown)),
      ]),
    ),
  )
}

/**
 * Gives a described relation its place: the owner, the property, and the two columns that hold the same value.
 *
 * @example
 * bindRelation(Post, 'author', belongsTo(User).definition) // from posts.user_id to users.id
 * bindRelation(User, 'posts', hasMany(Post).definition)    // from users.id to posts.user_id
 *
 * @throws {RelationError} when there is no foreign key, or more than one that would do
 */
export function bindRelation(
  owner: RelatedClass,
  property: string,
  definition: RelationDefinition,
): Relation {
  const { kind, target, isNullable } = definition
  const ends = endsOf(owner, definition, searchFor(`${owner.table.name}.${property}`, definition))
  return Object.freeze({ kind, property, owner, target, isNullable, junction: undefined, ...ends })
}

type Ends = Pick<Relation, 'from' | 'to'> & { readonly junction?: Junction }

function endsOf(owner: RelatedClass, definition: RelationDefinition, search: Search): Ends {
  const { kind, target } = definition
  if (kind === 'manyToMany') return endsThrough(owner, definition, search)
  // TODO(1): find the foreign key and the column that it references. One is `from`, a column of the owner, and the other is `to`.
  // For belongsTo the table of the owner holds the foreign key, for hasMany and hasOne the table of the target.
  return todo('Task 1: bind a relation')
}

/** A junction has two foreign keys: one for each side. */
function endsThrough(owner: RelatedClass, definition: RelationDefinition, search: Search): Ends {
  const { target, otherKey } = definition
  const model = definition.through!()
  const to = findForeignKey(model.table, owner.table, search)
  const toTarget = findForeignKey(model.table, target.table, { ...search, named: otherKey })
  const junction = { model, toTarget, targetKey: referencedColumn(toTarget, target.table) }
  return { from: referencedColumn(to, owner.table), to, junction: Object.freeze(junction) }
}

/**
 * The column of one table that points to another.
 *
 * @example
 * findForeignKey(Comment.table, Post.table, search) // the column comments.post_id
 *
 * @throws {RelationError} when there is none, when there are several and none is named, or when the named one points elsewhere
 */
function findForeignKey(from: Table, to: Table, search: Search): Column {
  const candidates = referencesTo(from, to)
  // TODO(1): one candidate is the answer. When the search names a property, only that one counts.
  // In every other case throw a RelationError; `explainSearch(from, to, candidates, search)` writes its message.
  return todo('Task 1: bind a relation')
}

function searchFor(relation: string, definition: RelationDefinition): Search {
  const { kind, foreignKey } = definition
  const spelling = (property: string) =>
    kind === 'manyToMany'
      ? `manyToMany(…, { through, foreignKey: '${property}', otherKey: '…' })`
      : `${kind}(…, { foreignKey: '${property}' })`
  return { relation, named: foreignKey, spelling }
}

/** @throws {RelationError} when the function of the declaration gives something else */
function definitionIn(
  owner: RelatedClass,
  property: string,
  declare: () => unknown,
): RelationDefinition {
  const declared = declare()
  if (declared instanceof RelationBuilder && declared.definition.target?.table)
    return declared.definition
  throw new RelationError(
    `${owner.table.name}.${property} is declared with a function that gives no relation to a model. ` +
      'This usually happens when a column is wrapped in a function, the function has braces and no return, or the name of the class is wrong. ' +
      `Write ${property}: () => hasMany(Post), or the column without a function.`,
  )
}
