import type { QueryNode, RawNode, TableNode } from './nodes.ts'

/**
 * The tables that a query reads, however deep they stand in it: in FROM, in joins, in subqueries.
 *
 * @param others tables that only the caller knows of: those that a `sql` template reads
 *
 * @example
 * tablesOf(from(User).where((u) => u.id.in(from(Post).select((p) => ({ userId: p.userId })))).node) // Set { 'users', 'posts' }
 *
 * @throws {UncachedError} when the query holds SQL of its own and nobody says which tables that reads
 */
export function tablesOf(query: QueryNode, others: readonly string[] = []): ReadonlySet<string> {
  const tables = new Set(others)
  for (const part of partsOf(query)) {
    if (part.kind === 'table') tables.add(part.table)
    else if (others.length === 0) throw new UncachedError('it holds a sql template', nameThem)
  }
  return tables
}

/** Every table of a tree, and every piece of SQL that the program wrote itself. */
function* partsOf(tree: unknown): Iterable<TableNode | RawNode> {
  if (typeof tree !== 'object' || tree === null || isValue(tree)) return
  if (isKind(tree, 'table')) return void (yield tree as TableNode)
  if (isKind(tree, 'raw')) yield tree as RawNode
  for (const inner of Object.values(tree)) yield* partsOf(inner)
}

const isKind = (tree: object, kind: string) => (tree as { kind?: unknown }).kind === kind

/** A parameter holds whatever the program has put there, and no SQL. */
const isValue = (tree: object) => isKind(tree, 'parameter')

const nameThem =
  "What such a text reads is not known, so nobody could tell when the result is out of date. Name its tables: cached({ seconds: 60, tables: ['posts'] })."

/** A query cannot be cached as it stands. */
export class UncachedError extends Error {
  override readonly name = 'UncachedError'

  constructor(reason: string, cure: string) {
    super(
      `This query cannot be cached: ${reason}. This usually happens when cached() is added to a query that worked without it. ${cure}`,
    )
  }
}
