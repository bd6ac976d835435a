import type { AsyncDatabase } from '#shared/driver/async-driver'
import { todo } from '#shared/todo'
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
  (request) => {
    // TODO(2): `withSession` opens a session and closes it on every path; a session that is closed without a commit rolls back.
    // Commit when the answer is below 400, and before it leaves. The session stops when the client hangs up, by its option
    // `signal`. `retry` runs the whole of it again: a body can be read once only, so each run gets a `request.clone()`.
    return todo('Task 2: one session per request')
  }
