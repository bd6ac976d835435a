import { subclassesOf } from '../mapping/inheritance.ts'
import { columnsOf, type Selection } from '../query/columns.ts'
import type { Condition } from '../query/expression.ts'
import { selectClass, selectionOf } from '../query/polymorphic.ts'
import { from, type SelectQuery } from '../query/select.ts'
import { alias, type Source } from '../query/sources.ts'
import { exists } from '../query/subqueries.ts'
import { RelationError } from './errors.ts'
import type { Relation } from './relation.ts'

/**
 * Whether an object of a query has related rows, or such for which a condition is true. Nothing is joined, so no object comes twice.
 *
 * @example
 * from(User).where(relatedExists(User.relations.posts, (p) => p.published!.eq(true)))
 * // SELECT … FROM users WHERE EXISTS (SELECT * FROM posts WHERE posts.user_id = users.id AND posts.published = ?)
 */
export function relatedExists(
  relation: Relation,
  test?: (related: Selection) => Condition,
): Condition {
  if (relation.latestBy) throw new RelationError(oneOfSeveral(relation))
  const { owner, from: ownerColumn } = relation
  const target = targetOf(relation)
  const { rows, key } = withKey(relation, target)
  const related = rows.where(key.eq(selectionOf(owner)[ownerColumn.property]))
  return exists(test ? related.where(test(target.c)) : related)
}

/** The target's rows, and its columns. */
interface Target {
  readonly rows: SelectQuery<any, unknown>
  readonly c: Selection
}

/** Inside the subquery a table that the query reads itself needs another name. */
function targetOf({ owner, target, property }: Relation): Target {
  if (target.mapping.root !== owner.mapping.root)
    return { rows: selectClass(target), c: selectionOf(target) }
  const isAlone = target.mapping === target.mapping.root && subclassesOf(target).length === 0
  const source = isAlone ? alias(target, property) : selectClass(target).as(property)
  return { rows: from(source as Source<Selection>), c: source.c as Selection }
}

/** The rows, and the column that says to whom they belong. */
function withKey({ junction, to }: Relation, { rows, c }: Target) {
  if (!junction) return { rows, key: c[to.property]! }
  const pairs = columnsOf(junction.model.table)
  const isPartner = pairs[junction.toTarget.property]!.eq(c[junction.targetKey.property])
  const source = { table: junction.model.table, c: pairs }
  return { rows: rows.innerJoin(source, isPartner), key: pairs[to.property]! }
}

const oneOfSeveral = ({ owner, property, target }: Relation) =>
  `${owner.table.name}.${property} is the latest of several, and EXISTS asks for any of them. ` +
  `This usually happens when a filter is meant for the latest one alone. Ask for the collection of ${target.table.name}, or filter the objects in the program.`
