import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { html } from '../profiling/html.ts'
import { Lens } from '../profiling/lens.ts'
import { toolbar, withToolbar } from '../profiling/toolbar.ts'
import { createRoutes } from './api/routes.ts'
import { notFound } from './errors.ts'
import { Article, Comment, Favorite, Follow, Post, Tag, User } from './models.ts'
import { lookPage, looksPage } from './pages/lens.ts'

/** A request, seen through the lens. */
export interface Look {
  readonly number: number
  readonly method: string
  readonly path: string
  /** Of the answer; `failed` when there was none. */
  readonly status: number | 'failed'
  readonly lens: Lens
}

const models = [User, Follow, Article, Tag, Comment, Favorite, Post]

/** So many requests are remembered. */
const memory = 50

/**
 * What those who write the blog see of it: each page with a toolbar, and the last requests under `/lens`. It shows statements with
 * the values in them, so it is nothing for production.
 */
export class Looks {
  readonly #database: AsyncDatabase
  #looks: Look[] = []
  #count = 0

  constructor(database: AsyncDatabase) {
    this.#database = database
  }

  /** Has a request handled on a database of its own, and looks at what is sent there. */
  async watch(
    request: Request,
    handle: (database: AsyncDatabase) => Promise<Response>,
  ): Promise<Response> {
    const lens = new Lens(this.#database, { models, advise: true })
    const number = ++this.#count
    let status: Look['status'] = 'failed'
    try {
      const response = await handle(lens.database)
      status = response.status
      return await seen(response, number, lens)
    } finally {
      const { method, url } = request
      const { pathname, search } = new URL(url)
      const look = { number, method, path: pathname + search, status, lens }
      this.#looks = [look, ...this.#looks].slice(0, memory)
    }
  }

  /** The pages under `/lens`. The plans are asked for when somebody wants to see them, and not before. */
  pages(): OpenAPIHono {
    const app = createRoutes()
    app.get('/', (c) => c.html(looksPage(this.#looks)))
    app.get('/:number', async (c) => {
      const look = this.#looks.find(({ number }) => String(number) === c.req.param('number'))
      if (!look) throw notFound('request')
      return c.html(lookPage(look, String(await look.lens.toolbar())))
    })
    return app
  }
}

/** The response, with a toolbar where it is a page, and figures that the browser and curl show. */
async function seen(response: Response, number: number, lens: Lens): Promise<Response> {
  const { statements, milliseconds } = lens.report
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.set('x-lens', `/lens/${number}`)
  headers.set(
    'server-timing',
    `db;dur=${milliseconds.toFixed(2)};desc="${statements.length} statements"`,
  )
  const isPage = headers.get('content-type')?.startsWith('text/html')
  const body = isPage ? withBar(await response.text(), number, lens) : response.body
  return new Response(body, { status: response.status, headers })
}

/** Without plans: to have them for each page that is read would double its work. */
function withBar(page: string, number: number, lens: Lens): string {
  const link = html`<p class="small"><a href="/lens/${number}">How the database has answered this page</a></p>`
  return withToolbar(page, html`${link}${toolbar(lens.report)}`)
}
