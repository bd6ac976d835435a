import type { AsyncSession } from '../session/session.ts'
import { notFound } from './errors.ts'
import { Article, Comment } from './models.ts'
import type { FullComment } from './serializers.ts'

/** The article alone, without what is shown with it. @throws {HttpError} 404 when no article has the slug */
export async function needArticleRow(session: AsyncSession, slug: string): Promise<Article> {
  const article = await session
    .query(Article)
    .where((a) => a.slug.eq(slug))
    .first()
  if (!article) throw notFound('article')
  return article
}

/** The comments of an article with their authors, the oldest first: two statements. */
export const commentsOf = (session: AsyncSession, { id }: Article): Promise<FullComment[]> =>
  session
    .query(Comment)
    .where((c) => c.articleId.eq(id))
    .orderBy((c) => c.id)
    .with({ author: true })
    .all()
