import type { Value } from '#shared/driver/driver'
import { decode } from '../mapping/hydrate.ts'
import type { Mapped, Owner } from '../mapping/mapped.ts'
import { outputsOf, type Selection } from '../query/columns.ts'
import { node, type OutputNode, type SelectNode } from '../query/nodes.ts'
import type { NamedSource } from '../query/sources.ts'
import { groupKey, handOut } from './hand-out.ts'
import type { Join } from './join-plan.ts'
import { converted, isNothing, relatedKey, valueIn } from './key.ts'
import { isLoaded } from './memory.ts'
import type { Relation } from './relation.ts'

// A relation that is read in the statement of its owners: how it comes into the query, and out of the rows again.

/**
 * Puts the table of related objects into a query for their owners. LEFT JOIN, so that an owner without one stays in the result.
 *
 * @param owner the owner's columns, as the query calls them
 *
 * @example
 * joinTarget(selectClass(Post).node, Post.relations.author, selectionOf(Post), alias(User, 'author'))
 * // SELECT posts.id, …, author.id, author.name, … FROM posts LEFT JOIN users AS author ON author.id = posts.user_id
 */
export function joinTarget(
  select: SelectNode,
  { from, to }: Relation,
  owner: Selection,
  target: NamedSource<Selection>,
): SelectNode {
  const on = target.c[to.property]!.eq(owner[from.property])
  const join = node({ kind: 'join', type: 'LEFT JOIN', source: target.node, on: on.node })
  const outputs = [...select.outputs, ...plainOutputs(target.c)]
  return node({ ...select, joins: [...select.joins, join], outputs })
}

/** Rows are read by position, so that no column needs a name of its own in the result. */
const plainOutputs = (columns: Selection): OutputNode[] =>
  outputsOf(columns).map((output) => {
    const { expression } = output
    return expression.kind === 'column' ? node({ ...output, name: expression.name }) : output
  })

type Row = readonly Value[]

/**
 * Gives owners the related objects that stand in their own rows, and these their own in turn. Nothing is sent.
 *
 * ```text
 * row of a post      id  title  user_id │ author.id  author.name │ author_profile.id  …
 *                    1   Joins  1       │ 1          Alice       │ NULL
 *                    └── the post       └── its author           └── the author has none
 * ```
 *
 * @param owners the object of each row, in the order of the rows
 */
export function handOutJoined(
  owners: readonly Mapped[],
  rows: readonly Row[],
  joins: readonly Join[],
  session: Owner,
): void {
  for (const join of joins) {
    const { relation, start, end, key } = join
    session.usage?.loaded(relation)
    const partners = rows.filter((row) => row[key] !== null)
    const objects = session.materialize(
      relation.target,
      partners.map((row) => row.slice(start, end)),
    )
    const found = objects.map((object) => ({ key: valueIn(object, relation.to), object }))
    const waiting = owners.filter((owner, i) => waitsFor(owner, rows[i]!, join))
    handOut(waiting, relation, found)
    handOutJoined(objects, partners, join.joins, session)
  }
}

/** What is known stays. Where the program has changed the key since the row was read, the row tells of somebody else. */
const waitsFor = (owner: Mapped, row: Row, { relation, from }: Join): boolean =>
  !isLoaded(owner, relation) && isSameKey(relatedKey(owner, relation), keyIn(row, from, relation))

/** The key with which the database has joined. */
const keyIn = (row: Row, place: number, { from, to }: Relation): unknown =>
  converted(decode(from, row[place] ?? null), from, to)

const isSameKey = (one: unknown, other: unknown): boolean =>
  isNothing(one) || isNothing(other) ? one === other : groupKey(one) === groupKey(other)
