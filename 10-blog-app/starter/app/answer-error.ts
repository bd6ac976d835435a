import type { Context } from 'hono'
import type { Logger } from 'pino'
import { DatabaseError } from '#shared/driver/errors'
import { errorPage } from './pages/error.ts'
import { requestId } from './request-log.ts'
import { answerWhileBuilding } from './unwritten.ts'

/** Answers an error: to browsers with a page, to programs with JSON. What is a mistake of ours stands in the log. */
export function answerError(
  error: unknown,
  c: Context,
  logger: Logger,
): Response | Promise<Response> {
  const given = answerWhileBuilding(error)
  const { status, errors } = given
  // Nobody hears the answer when the client has hung up, and it is no mistake of ours.
  const isHeard = !c.req.raw.signal.aborted
  if (status >= 500 && status !== 501 && isHeard)
    logger.error({ requestId: requestId(), ...describe(error) }, 'failed')
  if (status === 503) c.header('Retry-After', '1')
  if (status === 401) c.header('WWW-Authenticate', 'Token')
  return wantsPage(c) ? c.html(errorPage(given), status) : c.json({ errors }, status)
}

/** A browser asks for HTML by name; programs take what comes. */
const wantsPage = ({ req }: Context): boolean =>
  !req.path.startsWith('/api/') && (req.header('accept') ?? '').includes('text/html')

/** For the log. The message of a database error holds parameters, and those are what people have typed: they stay out. */
const describe = (error: unknown) =>
  error instanceof DatabaseError ? { error: error.name, sql: error.sql } : { err: error }
