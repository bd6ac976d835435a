import type { Column } from '../mapping/column.ts'
import type { Mapped } from '../mapping/mapped.ts'
import { RelationError } from './errors.ts'
import { converted } from './key.ts'
import { knownOne } from './memory.ts'
import { inverseOf, type Relation } from './relation.ts'

/** One foreign key as it is seen from both sides: `post.author` and `user.posts` are two views of `posts.user_id`. */
export interface Bond {
  readonly foreignKey: Column
  /** The column that it points to. */
  readonly parentKey: Column
  /** `post.author`, when the child's class declares it. */
  readonly toParent: Relation | undefined
  /** `user.posts` or `user.profile`, when the parent's class declares it. */
  readonly toChildren: Relation | undefined
}

export function bondOf(relation: Relation): Bond {
  const { kind, from, to } = relation
  const inverse = inverseOf(relation)
  return kind === 'belongsTo'
    ? { foreignKey: from, parentKey: to, toParent: relation, toChildren: inverse }
    : { foreignKey: to, parentKey: from, toParent: inverse, toChildren: relation }
}

/**
 * What the foreign key of a child holds when this is its parent.
 * Undefined as long as the parent has no row; it is looked up again when the child is saved.
 *
 * @throws {RelationError} when nobody would remember the parent until then
 */
export function keyOfParent(
  { foreignKey, parentKey, toParent }: Bond,
  parent: Mapped | null,
): unknown {
  if (!parent) return null
  const key = converted(Reflect.get(parent, parentKey.property), parentKey, foreignKey)
  if (key === undefined && !toParent)
    throw new RelationError(
      `This record of ${parentKey.table} is new, so ${foreignKey.table}.${foreignKey.property} has nothing to point to. ` +
        `This usually happens when a child is added before its parent is saved. Save the record of ${parentKey.table} first, or declare belongsTo in the class of ${foreignKey.table}, which remembers the parent.`,
    )
  return key
}

export function isChildOf(
  child: Mapped,
  { foreignKey, parentKey, toParent }: Bond,
  parent: Mapped,
) {
  if (toParent && knownOne(child, toParent)?.object === parent) return true
  const key = converted(Reflect.get(parent, parentKey.property), parentKey, foreignKey)
  return key !== undefined && key === Reflect.get(child, foreignKey.property)
}
