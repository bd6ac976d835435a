import type { Column } from '../mapping/column.ts'
import { type Mapped, stateOf } from '../mapping/mapped.ts'
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

/** A parent without a row has no key yet: who stands for it is kept in its place, until the flush knows the key. */
export function setForeignKey(
  child: Mapped,
  { foreignKey, parentKey }: Bond,
  parent: Mapped | null,
): void {
  const key = parent && converted(Reflect.get(parent, parentKey.property), parentKey, foreignKey)
  Reflect.set(child, foreignKey.property, key)
  const state = stateOf(child)
  if (parent && key === undefined)
    state.references = new Map(state.references).set(foreignKey, {
      target: parent,
      column: parentKey,
    })
  else if (state.references?.has(foreignKey))
    state.references = new Map([...state.references].filter(([column]) => column !== foreignKey))
}

export function isChildOf(
  child: Mapped,
  { foreignKey, parentKey, toParent }: Bond,
  parent: Mapped,
) {
  if (toParent && knownOne(child, toParent)?.object === parent) return true
  if (stateOf(child).references?.get(foreignKey)?.target === parent) return true
  const key = converted(Reflect.get(parent, parentKey.property), parentKey, foreignKey)
  return key !== undefined && key === Reflect.get(child, foreignKey.property)
}
