import type { Statement } from '#shared/driver/recorder'
import { isPaired, type RelatedClass, type Relation } from '../relations/relation.ts'
import { type Reading, readStatement } from './reading.ts'

/** A relation, and the class that declares it under the name that the program uses. */
export interface NamedRelation {
  readonly model: RelatedClass
  readonly relation: Relation
}

/**
 * Which relations may have sent a statement: it reads their table, and asks for the column that they ask for.
 *
 * There can be several, because SQL does not say why it was sent: `SELECT … FROM users WHERE id = ?` may be the author of a post
 * or of a comment. What was read before decides, as far as it can: an author is asked for when a post is at hand.
 *
 * @param before the statements that were sent earlier
 *
 * @example
 * relationsBehind('SELECT id, title FROM posts WHERE user_id = ?', [User, Post])
 * // [{ model: User, relation: User.relations.posts }]
 */
export function relationsBehind(
  sql: string,
  models: readonly RelatedClass[],
  before: readonly Statement[] = [],
): NamedRelation[] {
  const reading = readStatement(sql)
  const possible = relationsOf(models).filter(({ relation }) => fits(relation, reading))
  const views = possible.filter(({ relation }) => Boolean(relation.latestBy) === isCut(sql))
  return lastRead(views.length > 0 ? views : possible, before)
}

const relationsOf = (models: readonly RelatedClass[]): NamedRelation[] =>
  models.flatMap((model) => Object.values(model.relations).map((relation) => ({ model, relation })))

/** Whether a statement reads the table that the relation leads to, and asks for the column that says to whom its rows belong. */
function fits(relation: Relation, { sources, uses }: Reading): boolean {
  const { to, target } = relation
  if (sources[0]?.table !== target.table.name) return false
  const tables = isPaired(relation) ? [relation.junction.model.table.name] : [target.table.name]
  const aliases = sources.filter(({ table }) => tables.includes(table)).map(({ alias }) => alias)
  return uses.some(
    ({ alias, column, as }) =>
      as === 'equal' &&
      column === to.name &&
      (alias === undefined ? sources.length === 1 : aliases.includes(alias)),
  )
}

/** One row for each owner is asked for through a numbering, or with a LIMIT. */
const isCut = (sql: string) => /\b(ROW_NUMBER|LIMIT)\b/i.test(sql)

/** Of several relations those whose owners were read last. */
function lastRead(
  possible: readonly NamedRelation[],
  before: readonly Statement[],
): NamedRelation[] {
  const tables = before.map(({ sql }) => readStatement(sql).sources[0]?.table)
  const placeOf = ({ model }: NamedRelation) => tables.lastIndexOf(model.table.name)
  const last = Math.max(...possible.map(placeOf))
  return possible.filter((one) => placeOf(one) === last)
}

/** `User.posts` */
export const nameOfRelation = ({ model, relation }: NamedRelation): string =>
  `${nameOfModel(model)}.${relation.property}`

export const nameOfModel = (model: RelatedClass): string =>
  (model as unknown as { name: string }).name
