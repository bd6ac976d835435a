import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { CursorError } from '../../query/cursor.ts'
import { currentSession } from '../../session/context.ts'
import { createRoutes } from '../api/routes.ts'
import { popularTags } from '../api/tags.ts'
import { needArticle } from '../articles.ts'
import { pageOfComments } from '../comments.ts'
import { notFound } from '../errors.ts'
import type { ArticleFilter } from '../feed.ts'
import { pageOfArticles } from '../newest.ts'
import { BySlug, NamedUser, PageQuery, TagName } from '../schemas.ts'
import { needUser } from '../users.ts'
import { articlePage } from './article.ts'
import { pathTo } from './layout.ts'
import { listPage } from './list.ts'

const articlesPerPage = 10
const commentsPerPage = 50

/** The pages of the blog, for people who read. */
export function pages(): OpenAPIHono {
  const app = createRoutes()
  // A cursor stands in a link, and links get cut.
  app.onError((error) => {
    throw error instanceof CursorError ? notFound('page') : error
  })
  app.get('/', async (c) => {
    const articles = await articlesFor(c, {})
    const tags = await popularTags(currentSession())
    return c.html(listPage({ title: 'All articles', path: '/', tags, articles }))
  })
  app.get('/tags/:tag', async (c) => {
    const { tag } = TagName.parse(c.req.param())
    const articles = await articlesFor(c, { tag })
    return c.html(listPage({ title: `Articles about ${tag}`, path: pathTo('tags', tag), articles }))
  })
  app.get('/authors/:username', async (c) => {
    const { username } = NamedUser.parse(c.req.param())
    const { bio: about } = await needUser(currentSession(), username)
    const articles = await articlesFor(c, { author: username })
    const [title, path] = [`Articles by ${username}`, pathTo('authors', username)]
    return c.html(listPage({ title, path, about, articles }))
  })
  app.get('/articles/:slug', async (c) => {
    const article = await needArticle(currentSession(), BySlug.parse(c.req.param()).slug)
    const which = { size: commentsPerPage, ...PageQuery.parse(c.req.query()) }
    const comments = await pageOfComments(currentSession(), article, which)
    return c.html(articlePage(article, comments))
  })
  return app
}

const articlesFor = (c: Context, filter: ArticleFilter) => {
  const which = { size: articlesPerPage, ...PageQuery.parse(c.req.query()) }
  return pageOfArticles(currentSession(), filter, which)
}
