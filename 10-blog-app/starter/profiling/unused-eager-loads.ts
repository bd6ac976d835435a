import type { RelatedClass } from '../relations/relation.ts'
import type { RelationUsage } from '../relations/usage.ts'
import { type NamedRelation, nameOfModel } from './relation-behind.ts'

/** A relation that was loaded with a query, and that the program never looked at. */
export interface UnusedLoad extends NamedRelation {
  /** What to write instead. */
  readonly fix: string
}

/**
 * Finds what was loaded in vain: N+1 the other way round. Each costs a statement, its rows, and an object for each row.
 *
 * @example
 * unusedEagerLoads(usage, [User, Post])
 * // [{ model: User, relation: User.relations.posts, fix: 'Leave posts out of session.query(User).with(…)' }]
 */
export function unusedEagerLoads(
  usage: RelationUsage,
  models: readonly RelatedClass[],
): UnusedLoad[] {
  return usage.unread.flatMap((relation) => {
    const model = models.find(({ relations }) => relations[relation.property] === relation)
    if (!model) return []
    const fix = `Leave ${relation.property} out of what is loaded with ${nameOfModel(model)}: nobody has read it.`
    return [{ model, relation, fix }]
  })
}
