import type { Value } from '#shared/driver/driver'
import { todo } from '#shared/todo'
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
  // TODO(6): one more join (a JoinNode), on the two columns that hold the same value: `to` of the target, `from` of the owner.
  // An owner without a related row must not disappear. The target's columns (`plainOutputs`) come behind what is selected so far.
  return todo('Task 6: join the one related object')
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
    // TODO(6): a row whose `key` is NULL has no related object. Of the others take the columns from `start` to `end`:
    // `session.materialize` makes objects of them, in the same order. `handOut` gives them to the owners that wait (`waitsFor`),
    // by what each object holds in `relation.to` (`valueIn`). Then the objects are owners themselves: `join.joins`.
    todo('Task 6: join the one related object')
  }
}

/** What is known stays. Where the program has changed the key since the row was read, the row tells of somebody else. */
const waitsFor = (owner: Mapped, row: Row, { relation, from }: Join): boolean =>
  // TODO(6): not what is loaded. And the owner's key now (`relatedKey`) has to be the one with which the database joined (`keyIn`).
  todo('Task 6: join the one related object')

/** The key with which the database has joined. */
const keyIn = (row: Row, place: number, { from, to }: Relation): unknown =>
  converted(decode(from, row[place] ?? null), from, to)

const isSameKey = (one: unknown, other: unknown): boolean =>
  isNothing(one) || isNothing(other) ? one === other : groupKey(one) === groupKey(other)
