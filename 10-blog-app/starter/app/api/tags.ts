import { count } from '../../query/aggregates.ts'
import { fetchAll } from '../../query/execute.ts'
import { from } from '../../query/select.ts'
import { currentSession } from '../../session/context.ts'
import type { AsyncSession } from '../../session/session.ts'
import { ArticleTag, Tag } from '../models.ts'
import { TagsAnswer } from '../schemas.ts'
import { createRoute, createRoutes, failures, json } from './routes.ts'

const list = createRoute({
  method: 'get',
  path: '/tags',
  tags: ['Tags'],
  summary: 'The tags that articles have',
  responses: { 200: json('The tags', TagsAnswer), ...failures },
})

export const tagsApi = () =>
  createRoutes().openapi(list, async (c) => c.json({ tags: await tagNames(currentSession()) }, 200))

/**
 * The tags that most articles have: a few, for a page. All of them may be thousands.
 *
 * `SELECT name FROM tags JOIN articles_tags ON … GROUP BY name ORDER BY COUNT(*) DESC, name LIMIT ?`
 */
export async function popularTags({ connection }: AsyncSession, most = 20): Promise<string[]> {
  const query = from(Tag)
    .innerJoin(ArticleTag, (t, a) => a.tagId.eq(t.id))
    .groupBy((t) => t.name)
    .orderBy((t) => [count().desc(), t.name])
    .limit(most)
    .select((t) => ({ name: t.name }))
  return (await fetchAll(connection, query)).map(({ name }) => name)
}

/**
 * The tags that stand on an article.
 *
 * `SELECT name FROM tags WHERE id IN (SELECT tag_id FROM articles_tags) ORDER BY name`
 */
export async function tagNames({ connection }: AsyncSession): Promise<string[]> {
  const used = from(ArticleTag).select((a) => ({ id: a.tagId }))
  const query = from(Tag)
    .where((t) => t.id.in(used))
    .orderBy((t) => t.name)
    .select((t) => ({ name: t.name }))
  return (await fetchAll(connection, query)).map(({ name }) => name)
}
