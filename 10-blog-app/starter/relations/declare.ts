import type { Collection } from './collection.ts'
import type { Kind, RelatedClass } from './relation.ts'

/** What a declaration says of one relation, before it has a property and an owner. */
export interface RelationDefinition {
  readonly kind: Kind
  readonly target: RelatedClass
  /** The property that holds the foreign key, where several would do. */
  readonly foreignKey: string | undefined
  readonly isNullable: boolean
  /** The class between the two of a many-to-many relation. */
  readonly through: (() => RelatedClass) | undefined
  /** The other foreign key of that class, where several would do. */
  readonly otherKey: string | undefined
  /** What happens to the related objects when the object is deleted; undefined leaves it to the database. */
  readonly cascade: 'delete' | undefined
  /** What happens to a related object that is taken away and given to nobody else. */
  readonly orphans: 'delete' | undefined
  /** Of several related objects the one with the greatest value in this property. */
  readonly latestBy: string | undefined
}

/** Describes one relation. `T` is what the property holds. */
export class RelationBuilder<T> {
  declare readonly related: T
  readonly definition: RelationDefinition

  constructor(definition: RelationDefinition) {
    this.definition = Object.freeze(definition)
  }
}

/** A relation to one object, which may be said to be missing. */
export class ToOneBuilder<T> extends RelationBuilder<T> {
  /** There may be none: the property is null then. */
  nullable(): ToOneBuilder<T | null> {
    return new ToOneBuilder({ ...this.definition, isNullable: true })
  }
}

interface ForeignKeyOption {
  /** The property that holds the foreign key, where several would do. */
  readonly foreignKey?: string
}

/** How children depend on their parent. */
interface ChildOptions extends ForeignKeyOption {
  /** `'delete'`: whoever deletes the parent deletes its children. They are loaded for it, so that their hooks run. */
  readonly cascade?: 'delete'
  /** `'delete'`: a child that is taken from its parent and given to no other is deleted. */
  readonly orphans?: 'delete'
}

interface LatestOption {
  /**
   * Of several related objects the one with the greatest value in this property, and of equals the one with the greatest key.
   * It is a view of what another relation holds: it is read, and never assigned.
   */
  readonly latestBy?: string
}

interface JunctionOptions extends ForeignKeyOption {
  /** The class whose rows are the pairs. */
  readonly through: () => unknown
  /** Its property that holds the key of the target, where several would do. `foreignKey` holds that of the owner. */
  readonly otherKey?: string
}

type AnyClass = abstract new (...values: never[]) => unknown
type InstanceOf<C> = C extends abstract new (...values: never[]) => infer T ? T : never

/**
 * Several objects of another class hold the key of this one.
 *
 * @example
 * posts: () => hasMany(Post)
 * comments: () => hasMany(Comment, { cascade: 'delete', orphans: 'delete' })
 * // user.posts: SELECT … FROM posts WHERE user_id = ?
 */
export const hasMany = <C extends AnyClass>(
  target: C,
  options: ChildOptions = {},
): RelationBuilder<Collection<InstanceOf<C>>> =>
  new RelationBuilder(describe('hasMany', target, options))

/**
 * One object of another class, or none, holds the key of this one.
 *
 * @example
 * profile: () => hasOne(Profile)
 * // user.profile: SELECT … FROM profiles WHERE user_id = ?
 *
 * latestPost: () => hasOne(Post, { foreignKey: 'userId', latestBy: 'createdAt' })
 * // of many users: SELECT … FROM (SELECT …, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY created_at DESC, id DESC) AS owner_place
 * //                FROM posts WHERE user_id IN (?, ?)) AS numbered WHERE owner_place <= 1
 */
export const hasOne = <C extends AnyClass>(
  target: C,
  options: (ChildOptions & { readonly latestBy?: never }) | (ForeignKeyOption & LatestOption) = {},
): RelationBuilder<InstanceOf<C> | null> =>
  new RelationBuilder({ ...describe('hasOne', target, options), isNullable: true })

/**
 * This object holds the key of another one.
 *
 * @example
 * author: () => belongsTo(User, { foreignKey: 'userId' }),
 * editor: () => belongsTo(User, { foreignKey: 'editorId' }).nullable(),
 * // post.author: SELECT … FROM users WHERE id = ?
 */
export const belongsTo = <C extends AnyClass>(
  target: C,
  options: ForeignKeyOption = {},
): ToOneBuilder<InstanceOf<C>> => new ToOneBuilder(describe('belongsTo', target, options))

/**
 * Several objects on both sides: the rows of a third class are the pairs.
 *
 * @example
 * tags: () => manyToMany(Tag, { through: () => PostTag })
 * // post.tags: SELECT … FROM tags JOIN posts_tags ON posts_tags.tag_id = tags.id WHERE posts_tags.post_id = ?
 */
export const manyToMany = <C extends AnyClass>(
  target: C,
  options: JunctionOptions,
): RelationBuilder<Collection<InstanceOf<C>>> =>
  new RelationBuilder(describe('manyToMany', target, options))

const describe = (
  kind: Kind,
  target: AnyClass,
  {
    foreignKey,
    through,
    otherKey,
    cascade,
    orphans,
    latestBy,
  }: ChildOptions & LatestOption & Partial<JunctionOptions>,
): RelationDefinition => ({
  kind,
  target: target as unknown as RelatedClass,
  foreignKey,
  isNullable: false,
  through: through as (() => RelatedClass) | undefined,
  otherKey,
  cascade,
  orphans,
  latestBy,
})
