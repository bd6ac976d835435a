import type { Table } from '../mapping/table.ts'
import { columnsOfSource, type Selection } from './columns.ts'
import { combine } from './combine.ts'
import { OutputMismatchError } from './errors.ts'
import { Expression } from './expression.ts'
import { node, type QueryNode, type SourceNode } from './nodes.ts'
import { propertiesOf, type Subquery } from './result-query.ts'

/** A class with a table. */
export interface MappedClass<C> {
  readonly table: Table
  readonly c: C
}

/** What a query can read from: a mapped class, an alias of one, a query with a name. */
export type Source<C> = MappedClass<C> | NamedSource<C>

/** A source that the query calls by a name of its own. */
export class NamedSource<C> {
  readonly node: SourceNode
  /** Its columns. */
  readonly c: C

  constructor(node: SourceNode, c: C) {
    this.node = node
    this.c = c
  }
}

/** The columns of a query that stands in FROM. */
export type ColumnsOfRow<Result> = { readonly [P in keyof Result]: Expression<Result[P]> }

export function sourceNode(source: Source<unknown>): SourceNode {
  if (source instanceof NamedSource) return source.node
  return node({ kind: 'table', table: source.table.name, name: source.table.name })
}

/**
 * A table under another name, so that one query can read it twice.
 *
 * @example
 * from(Comment).innerJoin(alias(Comment, 'answer'), (comment, answer) => answer.parentId.eq(comment.id))
 * // FROM comments JOIN comments AS answer ON answer.parent_id = comments.id
 */
export function alias<C extends Selection>(mapped: MappedClass<C>, name: string): NamedSource<C> {
  const { table } = mapped
  return new NamedSource(
    node({ kind: 'table', table: table.name, name }),
    columnsOfSource(table, name) as C,
  )
}

/** A query as a source: `(SELECT …) AS newest`. Behind `query.as('newest')`. */
export const derived = <Result>(query: Subquery<Result>, name: string) =>
  new NamedSource(
    node({ kind: 'derived', name, query: query.node }),
    columnsOfQuery<Result>(query, name),
  )

/**
 * A common table expression: a query with a name, written once at the head of the statement and used like a table.
 *
 * @example
 * const active = cte('active', from(Post).where((p) => p.published.eq(true)))
 * from(User).innerJoin(active, (u, a) => a.userId.eq(u.id))
 * // WITH active AS (SELECT … FROM posts WHERE published = ?) SELECT … FROM users JOIN active ON …
 */
export function cte<Result>(
  name: string,
  query: Subquery<Result>,
): NamedSource<ColumnsOfRow<Result>> {
  return cteSource(name, query, query.node, { isRecursive: false })
}

/**
 * A common table expression that reads itself: the first query gives the rows to start with,
 * the second one the next rows from those found last, until there are no more.
 *
 * @example
 * cte.recursive('thread',
 *   from(Comment).where((c) => c.id.eq(1)),
 *   (thread) => from(Comment).innerJoin(thread, (c, t) => c.parentId.eq(t.id)))
 * // WITH RECURSIVE thread AS (SELECT … UNION ALL SELECT … FROM comments JOIN thread ON …)
 */
cte.recursive = <Result>(
  name: string,
  start: Subquery<Result>,
  step: (self: NamedSource<ColumnsOfRow<Result>>) => Subquery<Result>,
): NamedSource<ColumnsOfRow<Result>> => {
  const self = new NamedSource(
    node({ kind: 'table', table: name, name }),
    columnsOfQuery(start, name),
  )
  const query = combine('UNION ALL', start, step(self))
  return cteSource(name, start, query, { isRecursive: true })
}

function cteSource<Result>(
  name: string,
  query: Subquery<Result>,
  body: QueryNode,
  { isRecursive }: { isRecursive: boolean },
) {
  return new NamedSource(
    node({ kind: 'cte', name, query: body, isRecursive }),
    columnsOfQuery(query, name),
  )
}

/**
 * What a query selects, as columns of a source.
 *
 * @throws {OutputMismatchError} when two of them have one name in the SQL
 */
function columnsOfQuery<Result>(query: Subquery<Result>, source: string): ColumnsOfRow<Result> {
  const { outputs } = query.node
  const names = new Set(outputs.map(({ name }) => name))
  if (outputs.length === 0 || names.size < outputs.length)
    throw new OutputMismatchError(`"${source}"`, 'columns of different names', propertiesOf(query))
  const columns = outputs.map(({ property, name, type }) => [
    property,
    new Expression(node({ kind: 'column', source, name }), type),
  ])
  return Object.freeze(Object.fromEntries(columns))
}
