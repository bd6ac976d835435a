import type { Connection, Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import { decode, encode } from '../mapping/hydrate.ts'
import type { Mapped, Owner } from '../mapping/mapped.ts'
import { compile } from '../query/compile.ts'
import { fetchAll, fetchRows } from '../query/execute.ts'
import { batchesOf } from './cut.ts'
import { type Found, groupKey, handOut, keysOf } from './hand-out.ts'
import { relatedKey, valueIn } from './key.ts'
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
 * @param type the class of the objects, or one above it
 *
 * @example
 * loadRelated(users, { posts: { comments: true } }, User, session)
 * // SELECT … FROM posts WHERE user_id IN (?, ?, ?)
 * // SELECT … FROM comments WHERE post_id IN (?, ?, …)
 *
 * @throws {RelationError} when there is no such relation
 */
export function loadRelated(
  objects: readonly Mapped[],
  wanted: Wanted,
  type: RelatedClass,
  session: Owner,
): void {
  if (objects.length === 0) return
  for (const step of planOf(type, wanted)) {
    loadStep(objects, step, session)
    if (Object.keys(step.wanted).length === 0) continue
    const related = objects.flatMap((object) => knownObjects(object, step.relation))
    loadRelated([...new Set(related)], step.wanted, step.relation.target, session)
  }
}

function loadStep(objects: readonly Mapped[], { relation, query }: Step, session: Owner): void {
  const owners = query ? objects : objects.filter((object) => !isLoaded(object, relation))
  const found = fetchRelated(relation, keysOf(owners, relation), session, query)
  handOut(owners, relation, found, { isPartial: isPart(query) })
}

/** An order alone leaves nothing out. */
const isPart = (query: TargetQuery | undefined): boolean =>
  query !== undefined && Boolean(query.node.where || query.node.limit || query.node.offset)

/**
 * The related objects of the owners with these keys, in as many statements as the database needs to take all keys.
 * Objects that are asked for by their own key, and that the session knows, are not read.
 */
export function fetchRelated(
  relation: Relation,
  keys: readonly unknown[],
  session: Owner,
  query?: TargetQuery,
): Found[] {
  const known = query ? [] : knownByKey(relation, keys, session)
  const found = new Set(known.map(({ key }) => key))
  const missing = keys.filter((key) => !found.has(key))
  return known.concat(readRelated(relation, missing, session, query))
}

function knownByKey(relation: Relation, keys: readonly unknown[], session: Owner): Found[] {
  const { target, to, junction } = relation
  // TODO(4): only where `to` is the whole primary key of the target, without a junction, a key names one object.
  // Give those that the session knows: `session.known` takes the key as the database has it (`encode`).
  return todo('Task 4: load relations through the map')
}

function readRelated(
  relation: Relation,
  keys: readonly unknown[],
  session: Owner,
  query?: TargetQuery,
): Found[] {
  const { connection } = session
  // TODO(4): the rows of all batches, as in stage 04. Their objects come from the session, one for each row, in the order
  // of the rows. `ownerKeyReader` says to which owner each belongs.
  return todo('Task 4: load relations through the map')
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
function roomForKeys(relation: Relation, { dialect }: Connection, query?: TargetQuery): number {
  if (!query && !relation.target.mapping.discriminator) return dialect.maxParameters
  const { params } = compile(selectRelated(relation, [], query).node, dialect)
  return Math.max(1, dialect.maxParameters - params.length)
}

/**
 * Counts the related rows of many objects, so that `user.posts.count()` need not ask.
 *
 * @example
 * loadCounts(users, ['posts'], User, session)
 * // SELECT user_id AS owner_key, COUNT(*) AS count FROM posts WHERE user_id IN (?, ?, ?) GROUP BY user_id
 */
export function loadCounts(
  objects: readonly Mapped[],
  properties: readonly string[],
  type: RelatedClass,
  { connection }: Owner,
): void {
  if (objects.length === 0) return
  for (const property of properties) {
    const relation = relationOf(type, property)
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
