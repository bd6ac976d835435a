import type { Column } from '../mapping/column.ts'
import { referencesTo } from '../mapping/references.ts'
import { columnOf, type Table } from '../mapping/table.ts'
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
 * @throws {UnknownColumnError} when `latestBy` names no column of the target
 */
export function bindRelation(
  owner: RelatedClass,
  property: string,
  definition: RelationDefinition,
): Relation {
  const { kind, target, isNullable, cascade, orphans } = definition
  const latestBy = definition.latestBy ? columnOf(target.table, definition.latestBy) : undefined
  const ends = endsOf(owner, definition, searchFor(`${owner.table.name}.${property}`, definition))
  const given = { kind, property, owner, target, isNullable, cascade, orphans, latestBy }
  return Object.freeze({ ...given, junction: undefined, ...ends })
}

type Ends = Pick<Relation, 'from' | 'to'> & { readonly junction?: Junction }

function endsOf(owner: RelatedClass, definition: RelationDefinition, search: Search): Ends {
  const { kind, target } = definition
  if (kind === 'manyToMany') return endsThrough(owner, definition, search)
  if (kind === 'belongsTo') {
    const from = findForeignKey(owner.table, target.table, search)
    return { from, to: referencedColumn(from, target.table) }
  }
  const to = findForeignKey(target.table, owner.table, search)
  return { from: referencedColumn(to, owner.table), to }
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
  const { named } = search
  const found = named ? candidates.filter(({ property }) => property === named) : candidates
  if (found.length === 1) return found[0]!
  throw new RelationError(explainSearch(from, to, candidates, search))
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
