import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import { type Logger, pino } from 'pino'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { recordAsync } from '#shared/driver/async-recorder'
import { DatabaseError } from '#shared/driver/errors'
import { articlesApi } from './api/articles.ts'
import { commentsApi } from './api/comments.ts'
import { favoritesApi } from './api/favorites.ts'
import { profilesApi } from './api/profiles.ts'
import { createRoutes, type Parts } from './api/routes.ts'
import { tagsApi } from './api/tags.ts'
import { usersApi } from './api/users.ts'
import { createPasswords, type Passwords } from './auth/passwords.ts'
import { createTokens, type Tokens } from './auth/tokens.ts'
import { readTokensWith } from './auth/viewer.ts'
import { Looks } from './development.ts'
import { HttpError, notFound } from './errors.ts'
import { docsPage } from './pages/docs.ts'
import { errorPage } from './pages/error.ts'
import { pages } from './pages/pages.ts'
import { pagePolicy } from './pages/policy.ts'
import { postsApi } from './posts.ts'
import { countStatement, requestId, requestLog } from './request-log.ts'
import { sessionPerRequest } from './session-middleware.ts'
import { answerWhileBuilding } from './unwritten.ts'

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
  const routes = createBlog(partsOf(options))
  const inSession = (on: AsyncDatabase, request: Request) =>
    sessionPerRequest(on, (again) => routes.fetch(again))(request)
  const looks = isDevelopment(options) ? new Looks(database) : undefined

  const app = createRoutes()
  app.use(requestLog(logger))
  app.use(secureHeaders())
  app.use('/api/*', cors({ exposeHeaders: ['ETag', 'X-Request-Id', 'Retry-After'] }))
  app.use(bodyLimit({ maxSize: largestBody, onError: refuseSize }))
  app.get('/health', async (c) => {
    await database.values('SELECT 1')
    return c.json({ status: 'ok' })
  })
  app.use(pagePolicy)
  app.get('/openapi.json', (c) => c.json(routes.getOpenAPI31Document(about)))
  app.get('/docs', (c) => c.html(docsPage(routes.getOpenAPI31Document(about))))
  if (looks) app.route('/lens', looks.pages())
  app.all('*', async (c) => {
    const request = await withJsonBody(c)
    return looks
      ? looks.watch(request, (seen) => inSession(seen, request))
      : inSession(database, request)
  })
  app.onError((error, c) => {
    options.onError?.(error)
    return answer(error, c, logger)
  })
  return app
}

/** Whatever a program says by mistake: where the environment says production, nobody looks in. */
const isDevelopment = ({ development = false }: AppOptions): boolean =>
  development && process.env.NODE_ENV !== 'production'

const partsOf = ({ secret, tokens, passwords }: AppOptions): Parts => ({
  tokens: tokens ?? createTokens(secret),
  passwords: passwords ?? createPasswords(),
})

function createBlog(parts: Parts): OpenAPIHono {
  const routes = createRoutes()
  routes.openAPIRegistry.registerComponent('securitySchemes', 'Token', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'Token …, as registering and logging in give it',
  })
  routes.use('/api/*', readTokensWith(parts.tokens))
  for (const api of [usersApi, profilesApi, articlesApi, commentsApi, favoritesApi, tagsApi])
    routes.route('/api', api(parts))
  routes.route('/', postsApi())
  routes.route('/', pages())
  routes.notFound(() => {
    throw notFound('address')
  })
  // An error must reach the session, so that it rolls back. It is answered outside.
  routes.onError((error) => {
    throw error
  })
  return routes
}

/** What has a body is taken for JSON: `curl -d` says that it sends a form, whatever it sends. */
async function withJsonBody({ req }: Context): Promise<Request> {
  if (req.method === 'GET' || req.method === 'HEAD') return req.raw
  const body = await req.text()
  const headers = new Headers(req.raw.headers)
  headers.set('content-type', 'application/json')
  const { method, url } = req
  return new Request(url, { method, headers, body: body || null, signal: req.raw.signal })
}

function answer(error: unknown, c: Context, logger: Logger): Response | Promise<Response> {
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

function refuseSize(): never {
  throw new HttpError(413, { body: [`a body may have ${largestBody} bytes at most`] })
}

const about = {
  openapi: '3.1.0',
  info: { title: 'A blog on your own ORM', version: '1.0.0' },
}
