import type { AsyncSender } from '#shared/driver/async-driver'
import type { Value } from '#shared/driver/driver'
import { decode, encode } from '../mapping/hydrate.ts'
import type { Mapped, Owner } from '../mapping/mapped.ts'
import { compile } from '../query/compile.ts'
import { fetchRows, readRows } from '../query/execute.ts'
import type { Subquery } from '../query/result-query.ts'
import { batchesOf } from './cut.ts'
import { type Found, type GroupKey, groupKey, handOut, keysOf } from './hand-out.ts'
import { relatedKey, valueIn } from './key.ts'
import { isLoaded, knownObjects, manyOf } from './memory.ts'
import { padded } from './padded.ts'
import { planOf, relationOf, type Step, type Wanted } from './plan.ts'
import type { TargetQuery } from './related-rows.ts'
import type { RelatedClass, Relation } from './relation.ts'
import { countRelated, ownerKeyIndex, selectRelated } from './select-related.ts'

// The one file of the relations that reads from a database.

/** Sends a query for rows, or knows them from the last time. */
export type Fetch = (query: Subquery<unknown>) => Promise<Value[][]>

const fetchOn =
  ({ connection }: Owner): Fetch =>
  (query) =>
    fetchRows(connection, query)

/**
 * Loads relations of many objects: one statement for each relation on each level, whatever the number of objects.
 * What is loaded already is not loaded again.
 *
 * @param type the class of the objects, or one above it
 *
 * @example
 * await loadRelated(users, { posts: { comments: true } }, User, session)
 * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
 * // SELECT … FROM comments WHERE post_id IN (?, ?, …)
 *
 * @throws {RelationError} when there is no such relation
 */
export async function loadRelated(
  objects: readonly Mapped[],
  wanted: Wanted,
  type: RelatedClass,
  session: Owner,
  fetch: Fetch = fetchOn(session),
): Promise<void> {
  if (objects.length === 0) return
  for (const step of planOf(type, wanted)) {
    await loadStep(objects, step, session, fetch)
    if (Object.keys(step.wanted).length === 0) continue
    const related = objects.flatMap((object) => knownObjects(object, step.relation))
    await loadRelated([...new Set(related)], step.wanted, step.relation.target, session, fetch)
  }
}

async function loadStep(
  objects: readonly Mapped[],
  { relation, query }: Step,
  session: Owner,
  fetch: Fetch,
): Promise<void> {
  session.usage?.loaded(relation)
  const owners = query ? objects : objects.filter((object) => !isLoaded(object, relation))
  const found = await fetchRelated(relation, keysOf(owners, relation), session, query, fetch)
  handOut(owners, relation, found, { isPartial: isPart(query) })
}

/** An order alone leaves nothing out. */
const isPart = (query: TargetQuery | undefined): boolean =>
  query !== undefined && Boolean(query.node.where || query.node.limit || query.node.offset)

/**
 * The related objects of the owners with these keys, in as many statements as the database needs to take all keys.
 * Objects that are asked for by their own key, and that the session knows, are not read.
 */
export async function fetchRelated(
  relation: Relation,
  keys: readonly unknown[],
  session: Owner,
  query?: TargetQuery,
  fetch: Fetch = fetchOn(session),
): Promise<Found[]> {
  const known = query ? [] : knownByKey(relation, keys, session)
  const found = new Set(known.map(({ key }) => key))
  const missing = keys.filter((key) => !found.has(key))
  return known.concat(await readRelated(relation, missing, session, query, fetch))
}

function knownByKey(relation: Relation, keys: readonly unknown[], session: Owner): Found[] {
  const { target, to, junction } = relation
  if (junction || !to.isPrimaryKey || target.mapping.table.primaryKey.length > 1) return []
  return keys.flatMap((key) => {
    const object = session.known(target, encode(to, key, session.connection.dialect))
    return object ? [{ key, object }] : []
  })
}

async function readRelated(
  relation: Relation,
  keys: readonly unknown[],
  session: Owner,
  query: TargetQuery | undefined,
  fetch: Fetch,
): Promise<Found[]> {
  const room = roomForKeys(relation, session.connection, query)
  const batches: Value[][][] = []
  for (const batch of batchesOf(keys, room))
    batches.push(await fetch(selectRelated(relation, padded(batch, room), query)))
  const rows = batches.length === 1 ? batches[0]! : batches.flat()
  const objects = session.materialize(relation.target, rows)
  const keyOf = ownerKeyReader(relation)
  return objects.map((object, i) => ({ object, key: keyOf(object, rows[i]!) }))
}

/**
 * To which owner an object belongs. A foreign key is taken from the object and not from the row:
 * the program may have changed it, and that is not to be overwritten.
 */
function ownerKeyReader(relation: Relation): (object: Mapped, row: readonly Value[]) => unknown {
  const { junction, to } = relation
  if (!junction) return (object) => valueIn(object, to)
  const index = ownerKeyIndex(relation)
  return (_, row) => decode(to, row[index] ?? null)
}

/** The parameters that a statement may still have beside those of the query itself. */
function roomForKeys(relation: Relation, { dialect }: AsyncSender, query?: TargetQuery): number {
  const isPlain = !query && !relation.latestBy && !relation.target.mapping.discriminator
  if (isPlain) return dialect.maxParameters
  const { params } = compile(selectRelated(relation, [], query).node, dialect)
  return Math.max(1, dialect.maxParameters - params.length)
}

/**
 * Counts the related rows of many objects, so that `user.posts.count()` need not ask.
 *
 * @example
 * await loadCounts(users, ['posts'], User, session)
 * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
 */
export async function loadCounts(
  objects: readonly Mapped[],
  properties: readonly string[],
  type: RelatedClass,
  session: Owner,
  fetch: Fetch = fetchOn(session),
): Promise<void> {
  if (objects.length === 0) return
  for (const property of properties) {
    const relation = relationOf(type, property)
    const counts = await fetchCounts(relation, keysOf(objects, relation), session, fetch)
    for (const object of objects)
      manyOf(object, relation).count = counts.get(groupKey(relatedKey(object, relation))) ?? 0
  }
}

/** The number of related rows by the key of the owner; nothing for an owner who has none. */
export async function fetchCounts(
  relation: Relation,
  keys: readonly unknown[],
  session: Owner,
  fetch: Fetch = fetchOn(session),
) {
  const room = session.connection.dialect.maxParameters
  const counts = new Map<GroupKey, number>()
  for (const batch of batchesOf(keys, room)) {
    const query = countRelated(relation, padded(batch, room))
    for (const { ownerKey, count } of readRows(query, await fetch(query)))
      counts.set(groupKey(ownerKey), count)
  }
  return counts
}
