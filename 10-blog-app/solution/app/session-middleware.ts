import type { AsyncDatabase } from '#shared/driver/async-driver'
import { withSession } from '../session/context.ts'
import { retry } from '../session/retry.ts'

type Handler = (request: Request) => Response | Promise<Response>

/**
 * Gives each request a session of its own: `currentSession()` inside it.
 *
 * ```text
 * request ──▶ open a session ──▶ handler ──▶ answer below 400? ──▶ COMMIT ──▶ close ──▶ response
 *                                   │               │ no
 *                                   ▼ throws        ▼
 *                                ROLLBACK        ROLLBACK
 * ```
 *
 * The answer leaves when COMMIT has succeeded, and not before: what was acknowledged is stored. When the client hangs up,
 * its statement is stopped and everything is taken back. When the request met others in the database, the whole of it is
 * run again, from a fresh copy and in a fresh session.
 *
 * @throws whatever the handler or the database throws, after the session was closed
 */
export const sessionPerRequest =
  (database: AsyncDatabase, handle: Handler): ((request: Request) => Promise<Response>) =>
  (request) =>
    retry(() => inSession(database, handle, request.clone()))

const inSession = (database: AsyncDatabase, handle: Handler, request: Request): Promise<Response> =>
  withSession(
    database,
    async (session) => {
      const response = await handle(request)
      if (response.status < 400) await session.commit()
      // Without a commit, closing the session rolls back.
      return response
    },
    { signal: request.signal },
  )
