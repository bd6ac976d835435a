import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { currentSession } from '../../session/context.ts'
import { createRoutes } from '../api/routes.ts'
import { tagNames } from '../api/tags.ts'
import { needArticle } from '../articles.ts'
import { commentsOf } from '../comments.ts'
import { notFound } from '../errors.ts'
import { type ArticleFilter, findArticles } from '../feed.ts'
import { User } from '../models.ts'
import { BySlug, NamedUser, PageQuery, TagName } from '../schemas.ts'
import { articlePage } from './article.ts'
import { listPage } from './list.ts'

const perPage = 10

/** Were markup of somebody to reach a page after all, it could load and run nothing. */
const nothingFromElsewhere = {
  defaultSrc: ["'none'"],
  styleSrc: ["'unsafe-inline'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
}

/** The pages of the blog, for people who read. */
export function pages(): OpenAPIHono {
  const app = createRoutes()
  app.use(secureHeaders({ contentSecurityPolicy: nothingFromElsewhere }))
  app.get('/', async (c) =>
    c.html(
      listPage({
        title: 'All articles',
        path: '/',
        tags: await tagNames(currentSession()),
        ...(await listOf(c, {})),
      }),
    ),
  )
  app.get('/tags/:tag', async (c) => {
    const { tag } = TagName.parse(c.req.param())
    const path = `/tags/${encodeURIComponent(tag)}`
    return c.html(listPage({ title: `Articles about ${tag}`, path, ...(await listOf(c, { tag })) }))
  })
  app.get('/authors/:username', async (c) => {
    const author = await needAuthor(NamedUser.parse(c.req.param()).username)
    const path = `/authors/${encodeURIComponent(author.username)}`
    const list = await listOf(c, { author: author.username })
    return c.html(
      listPage({ title: `Articles by ${author.username}`, path, about: author.bio, ...list }),
    )
  })
  app.get('/articles/:slug', async (c) => {
    const session = currentSession()
    const article = await needArticle(session, BySlug.parse(c.req.param()).slug)
    return c.html(articlePage(article, await commentsOf(session, article)))
  })
  return app
}

async function listOf(c: Context, filter: ArticleFilter) {
  const { page } = PageQuery.parse(c.req.query())
  const slice = { limit: perPage, offset: (page - 1) * perPage }
  const { articles, count } = await findArticles(currentSession(), filter, slice)
  return { articles, page, pages: Math.max(1, Math.ceil(count / perPage)) }
}

async function needAuthor(username: string): Promise<User> {
  const author = await currentSession()
    .query(User)
    .where((u) => u.username.eq(username))
    .first()
  if (!author) throw notFound('author')
  return author
}
