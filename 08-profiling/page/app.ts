import { type Context, Hono } from 'hono'
import type { Connection } from '#shared/driver/driver'
import type { Statement } from '#shared/driver/recorder'
import { TodoError } from '#shared/todo'
import { CursorError, Lens, ResultCache, Session, withToolbar } from '#stage/08-profiling'
import { type Version, versions } from './authors.ts'
import { openLargeBlog } from './database.ts'
import { drawCurves, drawFlame, measureVersions } from './measure.ts'
import { models } from './models.ts'
import { newestPosts } from './posts.ts'
import { authorsView, curvesView, flameView, homeView, postsView, problemView } from './views.ts'

/** What a request has at hand. */
type Env = { Variables: { lens: Lens } }

/**
 * The web application: pages of authors and posts, each with the lens's toolbar.
 *
 * @param databases the same blog twice, without and with an index on the authors of the posts
 */
export function createApp(databases = openDatabases()) {
  const app = new Hono<Env>()
  const cache = new ResultCache()

  app.use(async (c, next) => {
    const isIndexed = versions.find(({ path }) => c.req.path === `/${path}`)?.isIndexed
    c.set('lens', new Lens(databases[isIndexed ? 'indexed' : 'plain'], { models, advise: true }))
    await next()
    if (isHtml(c)) c.res = await looked(c)
  })

  app.get('/', (c) => c.html(homeView(measureVersions(databases))))
  for (const version of versions)
    app.get(`/${version.path}`, (c) => c.html(authorsPage(version, c, cache)))
  app.get('/posts', (c) => c.html(postsPage(c)))
  app.get('/curves', (c) => c.html(curvesView(drawCurves())))
  app.get('/flame', (c) => c.html(flameView(drawFlame(databases.plain))))

  app.notFound((c) => c.html(problemView('There is no such page.'), 404))
  app.onError((error, c) => {
    const isReaders = error instanceof CursorError
    return c.html(problemView(error.message), isReaders ? 400 : 500)
  })
  return app
}

export interface Databases {
  readonly plain: Connection
  readonly indexed: Connection
}

export function openDatabases(): Databases {
  const [plain, indexed] = [openLargeBlog(), openLargeBlog()]
  indexed.exec('CREATE INDEX ix_posts_user_id_created_at ON posts (user_id, created_at)')
  return { plain, indexed }
}

/** A session lives as long as a request. */
function authorsPage(version: Version, c: Context<Env>, cache: ResultCache) {
  const { connection, usage } = c.var.lens
  using session = new Session(connection, { usage, lazy: version.lazy ?? 'one', cache })
  return authorsView(version, version.list(session))
}

function postsPage(c: Context<Env>) {
  const { connection, usage } = c.var.lens
  using session = new Session(connection, { usage })
  return postsView(newestPosts(session, c.req.query('after')))
}

const isHtml = (c: Context) => c.res.headers.get('content-type')?.startsWith('text/html')

/** The same response with the toolbar in it; Server-Timing shows the figures in the browser's network panel too. */
async function looked(c: Context<Env>): Promise<Response> {
  const { status } = c.res
  const page = await c.res.text()
  const headers = new Headers(c.res.headers)
  headers.delete('content-length')
  headers.set('server-timing', timingOf(c.var.lens.connection.statements))
  return new Response(withLens(page, c.var.lens), { status, headers })
}

function timingOf(statements: readonly Statement[]): string {
  const milliseconds = statements.reduce((sum, one) => sum + one.milliseconds, 0)
  return `db;dur=${milliseconds.toFixed(2)};desc="${statements.length} statements"`
}

/** As long as the lens is not finished, the page says what it waits for. */
function withLens(page: string, lens: Lens): string {
  try {
    return withToolbar(page, lens.toolbar())
  } catch (error) {
    if (error instanceof TodoError) return page.replace('</main>', `${waiting(error)}</main>`)
    throw error
  }
}

const waiting = ({ task }: TodoError) => `<p class="soft">The toolbar waits for ${task}.</p>`
