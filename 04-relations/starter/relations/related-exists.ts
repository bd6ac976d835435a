import { columnsOf, type Selection } from '../query/columns.ts'
import type { Condition } from '../query/expression.ts'
import { from, type SelectQuery } from '../query/select.ts'
import { alias, type Source } from '../query/sources.ts'
import { exists } from '../query/subqueries.ts'
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
  const { owner, from: ownerColumn } = relation
  const target = targetOf(relation)
  const { rows, key } = rowsOf(relation, target)
  const related = rows.where(key.eq(columnsOf(owner.table)[ownerColumn.property]))
  return exists(test ? related.where(test(target.c)) : related)
}

/** Inside the subquery a table that the query reads itself needs another name. */
function targetOf({ owner, target, property }: Relation): Source<Selection> {
  const source = { table: target.table, c: columnsOf(target.table) }
  return target.table === owner.table ? alias(source, property) : source
}

/** The target's rows, and the column that says to whom they belong. */
function rowsOf({ junction, to }: Relation, target: Source<Selection>) {
  if (!junction)
    return { rows: from(target) as SelectQuery<any, unknown>, key: target.c[to.property]! }
  const pairs = columnsOf(junction.model.table)
  const isPartner = pairs[junction.toTarget.property]!.eq(target.c[junction.targetKey.property])
  return {
    rows: from(target).innerJoin(
      { table: junction.model.table, c: pairs },
      isPartner,
    ) as SelectQuery<any, unknown>,
    key: pairs[to.property]!,
  }
}
