import type { Connection } from '#shared/driver/driver'
import { hasRow, type Mapped, stateOf } from '../mapping/mapped.ts'
import { execute } from '../query/execute.ts'
import { batchesOf } from './cut.ts'
import { UnsavedRelatedError } from './errors.ts'
import { manyOf, settle } from './memory.ts'
import { deletePairs, insertPairs, isPaired, type PairedRelation } from './pairs.ts'
import { inverseOf, type RelatedClass, type Relation } from './relation.ts'

/**
 * Stores what was added to the many-to-many collections of an object and removed from them, and nothing else.
 * A pair whose other object is new waits until that one is saved.
 *
 * @example
 * post.tags.add(orm)
 * post.tags.remove(sql)
 * writePairs(post, connection)
 * // DELETE FROM posts_tags WHERE post_id = ? AND tag_id IN (?)
 * // INSERT INTO posts_tags (post_id, tag_id) VALUES (?, ?) ON CONFLICT DO NOTHING
 *
 * @returns whether a statement was sent
 */
export function writePairs(object: Mapped, connection: Connection): boolean {
  const wasWritten = pairedRelationsOf(object).map((relation) => {
    const { added, removed } = storable(object, relation)
    for (const batch of batchesOf(removed, connection.dialect.maxParameters - 1))
      execute(connection, deletePairs(relation, object, batch))
    if (added.length > 0) execute(connection, insertPairs(relation, object, added))
    settle(object, relation, [...added, ...removed])
    return added.length + removed.length > 0
  })
  return wasWritten.includes(true)
}

/**
 * Asks before anything is written whether every pair can be.
 *
 * @throws {UnsavedRelatedError} when an added object is new, and its class does not declare the relation: nobody would store the pair later
 */
export function checkPairs(object: Mapped): void {
  for (const relation of pairedRelationsOf(object)) {
    const isLost = [...manyOf(object, relation).added].some(isNew) && !inverseOf(relation)
    if (isLost)
      throw new UnsavedRelatedError(
        relation.owner.table.name,
        relation.property,
        relation.target.table.name,
      )
  }
}

function pairedRelationsOf(object: Mapped): PairedRelation[] {
  if (!stateOf(object).related) return []
  return Object.values((object.constructor as RelatedClass).relations).filter(isPaired)
}

const storable = (object: Mapped, relation: Relation) => {
  const { added, removed } = manyOf(object, relation)
  return {
    added: [...added].filter((other) => !isNew(other)),
    removed: [...removed].filter((other) => !isNew(other)),
  }
}

const isNew = (object: Mapped) => !hasRow(object)
