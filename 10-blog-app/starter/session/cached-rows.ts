import type { Value } from '#shared/driver/driver'
import { compile } from '../query/compile.ts'
import { fetchRows } from '../query/execute.ts'
import type { Caching, ResultCache } from '../query/result-cache.ts'
import type { Subquery } from '../query/result-query.ts'
import { tablesOf, UncachedError } from '../query/tables-of.ts'
import type { SessionConnection } from './connection.ts'

/**
 * The rows of a query from the cache, or from the database, and then into the cache.
 * A transaction sees a world of its own, with what it has written and nobody else may see yet: while one is open in the
 * session, the cache is neither asked nor filled.
 *
 * @throws {UncachedError} when the session has no cache, or nobody knows which tables the query reads
 */
export async function cachedRows(
  query: Subquery<unknown>,
  { seconds, tables }: Caching,
  connection: SessionConnection,
  cache: ResultCache | undefined,
): Promise<Value[][]> {
  if (!cache) throw new UncachedError('the session has no cache', withCache)
  const read = tablesOf(query.node, tables)
  if (connection.isInTransaction) return await fetchRows(connection, query)
  const { sql, params } = compile(query.node, connection.dialect)
  const statement = { sql, params, tables: read }
  return await cache.rows(statement, seconds, () => connection.values(sql, params))
}

const withCache =
  'Give every session of the database the same one: new AsyncSession(database, { cache }), with const cache = new ResultCache() made once.'
