import type { z } from 'zod'
import { currentSession } from '../../session/context.ts'
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
import { closed, createRoute, createRoutes, failures, json, jsonBody, open } from './routes.ts'

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
  ...open,
  summary: 'The newest articles',
  request: { query: ArticleQuery },
  responses: { 200: articles, ...failures },
})
const show = createRoute({
  method: 'get',
  path: '/articles/{slug}',
  tags,
  ...open,
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
export const articlesApi = () =>
  createRoutes()
    .openapi(feed, async (c) => {
      const { viewer } = c.var
      return c.json(await listJson({ followedBy: viewer }, c.req.valid('query'), viewer), 200)
    })
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      return c.json(await listJson(query, query, c.var.viewer), 200)
    })
    .openapi(show, async (c) => {
      const article = await needArticle(currentSession(), c.req.valid('param').slug)
      c.header('ETag', etagOf(article))
      return c.json(await oneJson(article, c.var.viewer), 200)
    })
    .openapi(create, async (c) => {
      const { viewer } = c.var
      const article = await addArticle(currentSession(), viewer, c.req.valid('json').article)
      c.header('ETag', etagOf(article))
      return c.json(await oneJson(article, viewer), 201)
    })
    .openapi(change, async (c) => {
      const { viewer } = c.var
      const article = await articleToWrite(c.req.valid('param').slug, viewer, c.req.valid('header'))
      const changed = await changeArticle(currentSession(), article, c.req.valid('json').article)
      c.header('ETag', etagOf(changed))
      return c.json(await oneJson(changed, viewer), 200)
    })
    .openapi(remove, async (c) => {
      const { slug } = c.req.valid('param')
      const article = await articleToWrite(slug, c.var.viewer, c.req.valid('header'))
      currentSession().delete(article)
      await currentSession().flush()
      return c.body(null, 204)
    })

/** @throws {HttpError} 404 no such article, 403 of somebody else, 412 no longer the one that was read */
async function articleToWrite(
  slug: string,
  viewer: User,
  headers: z.infer<typeof IfMatch>,
): Promise<FullArticle> {
  const article = await needArticle(currentSession(), slug)
  checkAuthor(article, viewer)
  checkIfMatch(headers['if-match'], article)
  return article
}

async function listJson(filter: ArticleFilter, part: Part, viewer: User | undefined) {
  const { articles, count } = await findArticles(currentSession(), filter, part)
  const viewing = await viewingOf(currentSession(), articles, viewer)
  return {
    articles: articles.map((article) => summaryJson(article, viewing)),
    articlesCount: count,
  }
}

export const oneJson = async (article: FullArticle, viewer: User | undefined) => ({
  article: articleJson(article, await viewingOf(currentSession(), [article], viewer)),
})
