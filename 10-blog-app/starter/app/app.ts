import type { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import { type Logger, pino } from 'pino'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { recordAsync } from '#shared/driver/async-recorder'
import { answerError } from './answer-error.ts'
import { createRoutes, type Parts } from './api/routes.ts'
import { createPasswords, type Passwords } from './auth/passwords.ts'
import { createTokens, type Tokens } from './auth/tokens.ts'
import { createBlog, documentOf } from './blog.ts'
import { Looks } from './development.ts'
import { HttpError } from './errors.ts'
import { withJsonBody } from './json-body.ts'
import { docsPage } from './pages/docs.ts'
import { pagePolicy } from './pages/policy.ts'
import { countStatement, requestLog } from './request-log.ts'
import { sessionPerRequest } from './session-middleware.ts'

export interface AppOptions {
  readonly database: AsyncDatabase
  /** Signs the tokens. Processes that serve one blog share it. */
  readonly secret: string
  readonly tokens?: Tokens
  readonly passwords?: Passwords
  readonly logger?: Logger
  /** Puts the lens on every request: a toolbar on each page, and `/lens`. It shows statements and values, so in production it stays off. */
  readonly development?: boolean
  /** Hears of every error that a request has met, before it is answered. */
  readonly onError?: (error: unknown) => void
}

/** The largest body of a request, in bytes. */
const largestBody = 256 * 1024

/**
 * The blog, without a server: `app.request('/posts/')` gives its answer.
 *
 * ```text
 * request ─▶ log ─▶ headers ─▶ size ─▶ session ─▶ routes ─▶ response
 * ```
 */
export function createApp(options: AppOptions): OpenAPIHono {
  const { logger = pino({ level: 'silent' }) } = options
  const database = recordAsync(options.database, { keep: 0, listener: countStatement })
  const blog = createBlog(partsOf(options))
  const looks = isDevelopment(options) ? new Looks(database) : undefined
  const handle = handlerOf(blog, database, looks)

  const app = createRoutes()
  guard(app, logger)
  app.get('/health', async (c) => {
    await database.values('SELECT 1')
    return c.json({ status: 'ok' })
  })
  app.get('/openapi.json', (c) => c.json(documentOf(blog)))
  app.get('/docs', (c) => c.html(docsPage(documentOf(blog))))
  if (looks) app.route('/lens', looks.pages())
  app.all('*', async (c) => handle(await withJsonBody(c)))
  app.onError((error, c) => {
    options.onError?.(error)
    return answerError(error, c, logger)
  })
  return app
}

/** What every request passes on its way in, and every answer on its way out. */
function guard(app: OpenAPIHono, logger: Logger): void {
  app.use(requestLog(logger))
  app.use(secureHeaders())
  app.use(pagePolicy)
  // Other sites may ask: the token stands in a header that no browser adds by itself.
  app.use('/api/*', cors({ exposeHeaders: ['ETag', 'X-Request-Id', 'Retry-After'] }))
  app.use(bodyLimit({ maxSize: largestBody, onError: refuseSize }))
}

/** A session for each request; in development with the lens on it. */
function handlerOf(blog: OpenAPIHono, database: AsyncDatabase, looks: Looks | undefined) {
  const inSession = (on: AsyncDatabase, request: Request) =>
    sessionPerRequest(on, (again) => blog.fetch(again))(request)
  return (request: Request) =>
    looks ? looks.watch(request, (seen) => inSession(seen, request)) : inSession(database, request)
}

/** Whatever a program says by mistake: where the environment says production, nobody looks in. */
const isDevelopment = ({ development = false }: AppOptions): boolean =>
  development && process.env.NODE_ENV !== 'production'

const partsOf = ({ secret, tokens, passwords }: AppOptions): Parts => ({
  tokens: tokens ?? createTokens(secret),
  passwords: passwords ?? createPasswords(),
})

function refuseSize(): never {
  throw new HttpError(413, { body: [`a body may have ${largestBody} bytes at most`] })
}
