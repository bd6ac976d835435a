import { deleteFrom } from '../../query/delete.ts'
import { insertInto } from '../../query/insert.ts'
import { currentSession } from '../../session/context.ts'
import { needArticle } from '../articles.ts'
import { Favorite } from '../models.ts'
import { ArticleAnswer, BySlug } from '../schemas.ts'
import { oneJson } from './articles.ts'
import { closed, createRoute, createRoutes, failures, json } from './routes.ts'
import { write } from './write.ts'

const tags = ['Favorites']
const path = '/articles/{slug}/favorite'
const request = { params: BySlug }
const responses = { 200: json('The article', ArticleAnswer), ...failures }

const add = createRoute({
  method: 'post',
  path,
  tags,
  ...closed,
  summary: 'Make an article a favourite',
  request,
  responses,
})
const remove = createRoute({
  method: 'delete',
  path,
  tags,
  ...closed,
  summary: 'Make an article a favourite no longer',
  request,
  responses,
})

/** Favourites. A favourite twice is a favourite. */
export const favoritesApi = () =>
  createRoutes()
    .openapi(add, async (c) => {
      const { viewer } = c.var
      const article = await needArticle(currentSession(), c.req.valid('param').slug)
      const pair = { userId: viewer.id, articleId: article.id }
      await write(insertInto(Favorite).values(pair).onConflict().doNothing())
      return c.json(await oneJson(article, viewer), 200)
    })
    .openapi(remove, async (c) => {
      const { viewer } = c.var
      const article = await needArticle(currentSession(), c.req.valid('param').slug)
      const favorites = deleteFrom(Favorite).where((f) => f.userId.eq(viewer.id))
      await write(favorites.where((f) => f.articleId.eq(article.id)))
      return c.json(await oneJson(article, viewer), 200)
    })
