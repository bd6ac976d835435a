import type { Page, PageRequest } from '../session/page.ts'
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
export const commentsOf = (session: AsyncSession, article: Article): Promise<FullComment[]> =>
  commentsOn(session, article).all()

/** Some of them. @throws {CursorError} when the cursor leads nowhere */
export const pageOfComments = (
  session: AsyncSession,
  article: Article,
  which: PageRequest,
): Promise<Page<FullComment>> => commentsOn(session, article).page(which)

const commentsOn = (session: AsyncSession, { id }: Article) =>
  session
    .query(Comment)
    .where((c) => c.articleId.eq(id))
    .orderBy((c) => c.id)
    .with({ author: true })
