import type { Connection } from '#shared/driver/driver'
import { decode, hydrate } from '../mapping/hydrate.ts'
import type { Mapped } from '../mapping/mapped.ts'
import { compile } from '../query/compile.ts'
import { fetchAll, fetchRows } from '../query/execute.ts'
import { batchesOf } from './cut.ts'
import { type Found, groupKey, handOut, keysOf } from './hand-out.ts'
import { relatedKey } from './key.ts'
import { isLoaded, knownObjects, manyOf } from './memory.ts'
import { planOf, relationOf, type Step, type Wanted } from './plan.ts'
import type { TargetQuery } from './related-rows.ts'
import type { RelatedClass, Relation } from './relation.ts'
import { countRelated, ownerKeyIndex, selectRelated } from './select-related.ts'

// The one file of the relations that reads from a database.

/**
 * Loads relations of many objects: one statement for each relation on each level, whatever the number of objects.
 * What is loaded already is not loaded again.
 *
 * @example
 * loadRelated(users, { posts: { comments: true } }, connection)
 * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
 * // SELECT … FROM comments WHERE post_id IN (?, ?, …)
 *
 * @throws {RelationError} when there is no such relation
 */
export function loadRelated(
  objects: readonly Mapped[],
  wanted: Wanted,
  connection: Connection,
): void {
  const [first] = objects
  if (!first) return
  for (const step of planOf(first.constructor as RelatedClass, wanted))
    loadStep(objects, step, connection)
}

/** One relation of all objects at once, and then the next level: what is to be loaded of the related objects. */
function loadStep(objects: readonly Mapped[], step: Step, connection: Connection): void {
  const { relation, query, wanted } = step
  const owners = query ? objects : objects.filter((object) => !isLoaded(object, relation))
  const found = fetchRelated(relation, keysOf(owners, relation), connection, query)
  handOut(owners, relation, found, { isPartial: isPart(query) })
  const related = objects.flatMap((object) => knownObjects(object, relation))
  loadRelated([...new Set(related)], wanted, connection)
}

/** An order alone leaves nothing out. */
const isPart = (query: TargetQuery | undefined): boolean =>
  query !== undefined && Boolean(query.node.where || query.node.limit || query.node.offset)

/** The related objects of the owners with these keys, in as many statements as the database needs to take all keys. */
export function fetchRelated(
  relation: Relation,
  keys: readonly unknown[],
  connection: Connection,
  query?: TargetQuery,
): Found[] {
  const { target, to } = relation
  const index = ownerKeyIndex(relation)
  return batchesOf(keys, roomForKeys(relation, connection, query))
    .flatMap((batch) => fetchRows(connection, selectRelated(relation, batch, query)))
    .map((row) => ({
      key: decode(to, row[index] ?? null),
      object: hydrate(target.table, target, row),
    }))
}

/** The parameters that a statement may still have beside those of the query itself. */
function roomForKeys(relation: Relation, { dialect }: Connection, query?: TargetQuery): number {
  const { params } = compile(selectRelated(relation, [], query).node, dialect)
  return Math.max(1, dialect.maxParameters - params.length)
}

/**
 * Counts the related rows of many objects, so that `user.posts.count()` need not ask.
 *
 * @example
 * loadCounts(users, ['posts'], connection)
 * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
 */
export function loadCounts(
  objects: readonly Mapped[],
  properties: readonly string[],
  connection: Connection,
): void {
  const [first] = objects
  if (!first) return
  for (const property of properties) {
    const relation = relationOf(first.constructor as RelatedClass, property)
    const counts = fetchCounts(relation, keysOf(objects, relation), connection)
    for (const object of objects)
      manyOf(object, relation).count = counts.get(groupKey(relatedKey(object, relation))) ?? 0
  }
}

/** The number of related rows by the key of the owner; nothing for an owner who has none. */
export function fetchCounts(relation: Relation, keys: readonly unknown[], connection: Connection) {
  const rows = batchesOf(keys, connection.dialect.maxParameters).flatMap((batch) =>
    fetchAll(connection, countRelated(relation, batch)),
  )
  return new Map(rows.map(({ ownerKey, count }) => [groupKey(ownerKey), count]))
}
