import { currentSession } from '../../session/context.ts'
import type { AsyncSession } from '../../session/session.ts'
import { addArticle, changeArticle, checkAuthor, needArticle } from '../articles.ts'
import { checkIfMatch, etagOf } from '../concurrency.ts'
import { type ArticleFilter, findArticles, type Slice as Part } from '../feed.ts'
import type { User } from '../models.ts'
import {
  ArticleAnswer,
  ArticleQuery,
  ArticlesAnswer,
  BySlug,
  ChangedArticle,
  IfMatch,
  NewArticle,
  Slice,
} from '../schemas.ts'
import { articleJson, type FullArticle, summaryJson } from '../serializers.ts'
import { viewingOf } from '../viewing.ts'
import { closed, createRoute, createRoutes, failures, json, jsonBody } from './routes.ts'

const tags = ['Articles']
const article = json('The article', ArticleAnswer)
const articles = json('The articles, the newest first', ArticlesAnswer)

const feed = createRoute({
  method: 'get',
  path: '/articles/feed',
  tags,
  ...closed,
  summary: 'The newest articles of the users whom I follow',
  request: { query: Slice },
  responses: { 200: articles, ...failures },
})
const list = createRoute({
  method: 'get',
  path: '/articles',
  tags,
  summary: 'The newest articles',
  request: { query: ArticleQuery },
  responses: { 200: articles, ...failures },
})
const show = createRoute({
  method: 'get',
  path: '/articles/{slug}',
  tags,
  summary: 'One article. Its ETag says its version',
  request: { params: BySlug },
  responses: { 200: article, ...failures },
})
const create = createRoute({
  method: 'post',
  path: '/articles',
  tags,
  ...closed,
  summary: 'Write an article',
  request: { body: jsonBody(NewArticle) },
  responses: { 201: article, ...failures },
})
const change = createRoute({
  method: 'put',
  path: '/articles/{slug}',
  tags,
  ...closed,
  summary: 'Change an article; with If-Match only the version that was read',
  request: { params: BySlug, headers: IfMatch, body: jsonBody(ChangedArticle) },
  responses: { 200: article, ...failures },
})
const remove = createRoute({
  method: 'delete',
  path: '/articles/{slug}',
  tags,
  ...closed,
  summary: 'Delete an article',
  request: { params: BySlug, headers: IfMatch },
  responses: { 204: { description: 'It is gone' }, ...failures },
})

/** Articles: lists, the feed, and what an author does with one. */
export function articlesApi() {
  return createRoutes()
    .openapi(feed, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const filter = { followedBy: viewer }
      return c.json(await listJson(session, filter, c.req.valid('query'), viewer), 200)
    })
    .openapi(list, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const query = c.req.valid('query')
      return c.json(await listJson(session, query, query, viewer), 200)
    })
    .openapi(show, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const article = await needArticle(session, c.req.valid('param').slug)
      c.header('ETag', etagOf(article))
      return c.json(await oneJson(session, article, viewer), 200)
    })
    .openapi(create, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const article = await addArticle(session, viewer, c.req.valid('json').article)
      c.header('ETag', etagOf(article))
      return c.json(await oneJson(session, article, viewer), 201)
    })
    .openapi(change, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const article = await needArticle(session, c.req.valid('param').slug)
      checkAuthor(article, viewer)
      checkIfMatch(c.req.header('if-match'), article)
      await changeArticle(session, article, c.req.valid('json').article)
      c.header('ETag', etagOf(article))
      return c.json(await oneJson(session, article, viewer), 200)
    })
    .openapi(remove, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const article = await needArticle(session, c.req.valid('param').slug)
      checkAuthor(article, viewer)
      checkIfMatch(c.req.header('if-match'), article)
      session.delete(article)
      await session.flush()
      return c.body(null, 204)
    })
}

async function listJson(
  session: AsyncSession,
  filter: ArticleFilter,
  part: Part,
  viewer: User | undefined,
) {
  const { articles, count } = await findArticles(session, filter, part)
  const viewing = await viewingOf(session, articles, viewer)
  return {
    articles: articles.map((article) => summaryJson(article, viewing)),
    articlesCount: count,
  }
}

export const oneJson = async (
  session: AsyncSession,
  article: FullArticle,
  viewer: User | undefined,
) => ({ article: articleJson(article, await viewingOf(session, [article], viewer)) })
