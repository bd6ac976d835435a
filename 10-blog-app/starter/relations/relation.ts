import type { Column } from '../mapping/column.ts'
import type { Mapping } from '../mapping/inheritance.ts'
import type { Mapped } from '../mapping/mapped.ts'
import type { Table } from '../mapping/table.ts'
import type { Selection } from '../query/columns.ts'

export type Kind = 'hasMany' | 'hasOne' | 'belongsTo' | 'manyToMany'

/** A class that can stand at either end of a relation. */
export interface RelatedClass {
  new (...values: never[]): Mapped
  readonly mapping: Mapping
  readonly table: Table
  readonly c: Selection
  readonly relations: Relations
}

/** The relations of a class, by property. */
export type Relations = Readonly<Record<string, Relation>>

/**
 * Which rows belong to which object: a plain frozen value, as `Column` is one.
 *
 * Whatever its kind, related rows are found in one way: take the value of `from` in the owner, and look where `to` holds the same.
 *
 * ```text
 *              from              to
 * hasMany      users.id          posts.user_id
 * belongsTo    posts.user_id     users.id
 * manyToMany   posts.id          posts_tags.post_id, and on to tags.id
 * ```
 */
export interface Relation {
  readonly kind: Kind
  readonly property: string
  /** The class that `entity()` made, which has the table but no name of its own: `Post` extends it. */
  readonly owner: RelatedClass
  readonly target: RelatedClass
  /** A column of the owner. */
  readonly from: Column
  /** A column of the target; of a many-to-many relation one of the junction. */
  readonly to: Column
  /** Whether the declaration says that there may be none. */
  readonly isNullable: boolean
  /** What happens to the related objects when the object is deleted; undefined leaves it to the database. */
  readonly cascade: 'delete' | undefined
  /** What happens to a related object that is taken away and given to nobody else. */
  readonly orphans: 'delete' | undefined
  /** Set where several rows belong to the owner, and the one with the greatest value here is meant: a view, which is only read. */
  readonly latestBy: Column | undefined
  /** The table between the two of a many-to-many relation. */
  readonly junction: Junction | undefined
}

/** `posts_tags`: a row for each pair. `to` of the relation is its column for the owner. */
export interface Junction {
  readonly model: RelatedClass
  /** Its column for the target: `posts_tags.tag_id`. */
  readonly toTarget: Column
  /** The column of the target that it points to: `tags.id`. */
  readonly targetKey: Column
}

/** A relation through a junction: each row of the junction is a pair. */
export interface PairedRelation extends Relation {
  readonly junction: Junction
}

export const isPaired = (relation: Relation): relation is PairedRelation =>
  relation.junction !== undefined

/** Whether an object has several of them: the property is a collection. */
export const isToMany = ({ kind }: Relation): boolean => kind === 'hasMany' || kind === 'manyToMany'

/** The column that says who belongs to whom. Both sides of one relation have the same. */
export const foreignKeyOf = ({ kind, from, to }: Relation): Column =>
  kind === 'belongsTo' ? from : to

const inverses = new WeakMap<Relation, Relation | undefined>()

/**
 * The same relation as seen from the other side, when the other class declares it: `posts.author` for `users.posts`.
 * They are one relation because they share the foreign key.
 */
export function inverseOf(relation: Relation): Relation | undefined {
  if (!inverses.has(relation)) inverses.set(relation, findInverse(relation))
  return inverses.get(relation)
}

function findInverse(relation: Relation): Relation | undefined {
  return Object.values(relation.target.relations).find((other) =>
    relation.junction ? isSwapped(relation, other) : isMirrored(relation, other),
  )
}

const isMirrored = (relation: Relation, other: Relation) =>
  !other.junction && !other.latestBy && relation.from === other.to && relation.to === other.from

const isSwapped = (relation: Relation, other: Relation) =>
  relation.to === other.junction?.toTarget && relation.junction?.toTarget === other.to
