import { subclassesOf } from '../mapping/inheritance.ts'
import { snakeCase } from '../mapping/naming.ts'
import type { Selection } from '../query/columns.ts'
import type { SelectNode } from '../query/nodes.ts'
import { selectClass, selectionOf } from '../query/polymorphic.ts'
import { alias, type NamedSource } from '../query/sources.ts'
import { RelationError } from './errors.ts'
import { joinTarget } from './joined.ts'
import { relationOf, type Wanted } from './plan.ts'
import { isToMany, type RelatedClass, type Relation } from './relation.ts'

/** A relation that is read in the statement of its owner: which part of the row is the related object. */
export interface Join {
  readonly relation: Relation
  /** Where the owner's key stands in the row: the value of `from`. */
  readonly from: number
  /** The related object's columns, from here to before there. */
  readonly start: number
  readonly end: number
  /** Where its own key stands. NULL there means that there is no related object. */
  readonly key: number
  /** What is read of the related object in turn. */
  readonly joins: readonly Join[]
}

export interface JoinPlan {
  readonly node: SelectNode
  readonly joins: readonly Join[]
}

/**
 * Puts relations to one object into a query for their owners.
 *
 * @example
 * planJoins(selectClass(Post).node, Post, { author: { profile: true } })
 * // SELECT posts.id, …, author.id, …, author_profile.id, … FROM posts
 * // LEFT JOIN users AS author ON author.id = posts.user_id
 * // LEFT JOIN profiles AS author_profile ON author_profile.user_id = author.id
 *
 * @throws {RelationError} when a relation may have several rows for one owner
 */
export function planJoins(select: SelectNode, type: RelatedClass, wanted: Wanted): JoinPlan {
  const plan = new JoinPlanner(select)
  const joins = plan.join({ type, columns: selectionOf(type), start: 0, path: [] }, wanted)
  return { node: plan.node, joins }
}

/** A class as the query reads it: its columns under the name that they have there, and where they begin in a row. */
interface Place {
  readonly type: RelatedClass
  readonly columns: Selection
  readonly start: number
  readonly path: readonly string[]
}

/** The query while it grows. */
class JoinPlanner {
  node: SelectNode

  constructor(node: SelectNode) {
    this.node = node
  }

  join(owner: Place, wanted: Wanted): Join[] {
    return Object.entries(wanted)
      .filter(([, wish]) => wish !== undefined && wish !== false)
      .map(([property, wish]) => this.#joinOne(owner, toOne(owner.type, property), wish))
  }

  #joinOne(owner: Place, relation: Relation, wish: unknown): Join {
    const place = this.#add(owner, relation)
    const end = this.node.outputs.length
    return {
      relation,
      from: owner.start + relation.from.index,
      start: place.start,
      end,
      key: place.start + relation.target.mapping.table.primaryKey[0]!.index,
      joins: wish === true ? [] : this.join(place, wish as Wanted),
    }
  }

  /** Under a name of its own, so that a query can read one table twice. */
  #add(owner: Place, relation: Relation): Place {
    const path = [...owner.path, snakeCase(relation.property)]
    const target = sourceOf(relation.target, this.#freeName(path.join('_')))
    const start = this.node.outputs.length
    this.node = joinTarget(this.node, relation, owner.columns, target)
    return { type: relation.target, columns: target.c, start, path }
  }

  #freeName(wanted: string): string {
    const taken = [this.node.from, ...this.node.joins.map(({ source }) => source)]
    const isTaken = (name: string) => taken.some((source) => source.name === name)
    let name = wanted
    for (let i = 2; isTaken(name); i++) name = `${wanted}_${i}`
    return name
  }
}

/** @throws {RelationError} when an owner could come several times, once with each related row */
function toOne(type: RelatedClass, property: string): Relation {
  const relation = relationOf(type, property)
  const { kind, to } = relation
  if (isToMany(relation)) throw new RelationError(multiplies(relation))
  if (kind === 'hasOne' && !to.isUnique && !to.isPrimaryKey)
    throw new RelationError(notUnique(relation))
  return relation
}

/** The table under another name; where the class is spread over several tables, or shares one, the query that reads it. */
function sourceOf(type: RelatedClass, name: string): NamedSource<Selection> {
  const isAlone = type.mapping === type.mapping.root && subclassesOf(type).length === 0
  if (isAlone) return alias({ table: type.mapping.table, c: selectionOf(type) }, name)
  return selectClass(type).as(name) as unknown as NamedSource<Selection>
}

const multiplies = ({ owner, property }: Relation) =>
  `${owner.table.name}.${property} is a collection and cannot be joined: each of the ${owner.table.name} would come once with every related row, ` +
  'and LIMIT would count these. This usually happens when joined() is taken for the faster with(). ' +
  `Load collections in a statement of their own: with({ ${property}: true }).`

const notUnique = ({ owner, property, to }: Relation) =>
  `${owner.table.name}.${property} cannot be joined: ${to.table}.${to.name} is not unique, so that one of the ${owner.table.name} could come several times. ` +
  'This usually happens when .unique() was forgotten in the declaration of a one-to-one relation. ' +
  `Declare the column unique, or load it in a statement of its own: with({ ${property}: true }).`
