import { nearest } from '../mapping/errors.ts'
import { RelationError } from './errors.ts'
import { RelatedQuery } from './related-query.ts'
import { everyRow, type TargetQuery } from './related-rows.ts'
import { isToMany, type RelatedClass, type Relation } from './relation.ts'

/** What `with` was given, whatever the class. */
export type Wanted = Readonly<Record<string, unknown>>

/** One relation to load, and what to load of the related objects in turn. */
export interface Step {
  readonly relation: Relation
  /** Which of the related objects; undefined means every one. */
  readonly query: TargetQuery | undefined
  readonly wanted: Wanted
}

/**
 * Reads what `with` was given.
 *
 * @example
 * planOf(User, { posts: { comments: true } }) // [{ relation: users.posts, query: undefined, wanted: { comments: true } }]
 *
 * @throws {RelationError} when the class has no such relation
 */
export const planOf = (model: RelatedClass, wanted: Wanted): Step[] =>
  Object.entries(wanted)
    .filter(([, wish]) => wish !== undefined && wish !== false)
    .map(([property, wish]) => stepFor(relationOf(model, property), wish))

function stepFor(relation: Relation, wish: unknown): Step {
  if (typeof wish !== 'function')
    return { relation, query: undefined, wanted: wish === true ? {} : (wish as Wanted) }
  if (!isToMany(relation)) throw new RelationError(notToMany(relation))
  const { query, wanted } = wish(new RelatedQuery(everyRow(relation))) as RelatedQuery<unknown>
  return { relation, query, wanted }
}

/** @throws {RelationError} when the class has no relation of that name; the message suggests the nearest */
export function relationOf(model: RelatedClass, property: string): Relation {
  const { relations, table } = model
  if (Object.hasOwn(relations, property)) return relations[property]!
  const known = Object.keys(relations)
  const guess = nearest(property, known)
  throw new RelationError(
    `${table.name} has no relation "${property}".${guess ? ` Did you mean "${guess}"?` : ''} ` +
      `This usually happens after a slip of the pen, or when a column is meant. Its relations: ${known.join(', ') || 'none'}.`,
  )
}

const notToMany = ({ owner, property }: Relation) =>
  `${owner.table.name}.${property} is one object, and a query was given for it. ` +
  `This usually happens when a filter is meant for the list itself: put it into where(). To load the object write ${property}: true.`
