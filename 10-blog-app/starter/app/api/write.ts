import { execute } from '../../query/execute.ts'
import type { ResultQuery } from '../../query/result-query.ts'
import { currentSession } from '../../session/context.ts'

/** Sends a statement that writes rows, in a transaction of the session. For pairs, which are no objects to anybody. */
export const write = (query: ResultQuery<never>) => {
  const session = currentSession()
  return session.transaction(() => execute(session.connection, query))
}
