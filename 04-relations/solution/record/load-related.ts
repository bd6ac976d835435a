import * as loader from '../relations/loader.ts'
import type { Wanted } from '../relations/plan.ts'
import type { With } from '../relations/types.ts'
import type { ActiveRecord } from './active-record.ts'

/**
 * Loads relations of records that are at hand: one statement for each relation on each level.
 *
 * @example
 * loadRelated(users, { posts: { comments: true } })
 * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
 * // SELECT … FROM comments WHERE post_id IN (?, ?, …)
 */
export function loadRelated<T extends ActiveRecord>(records: readonly T[], wanted: With<T>): void {
  const [first] = records
  if (!first) return
  const { connection } = first.constructor as typeof ActiveRecord
  loader.loadRelated(records, wanted as Wanted, connection)
}
