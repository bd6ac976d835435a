import type { Page, PageRequest } from '../session/page.ts'
import type { AsyncSession } from '../session/session.ts'
import { type ArticleFilter, fittingArticles } from './feed.ts'
import type { FullArticle } from './serializers.ts'

/**
 * One page of the newest articles that fit, by keyset: it begins behind an article, not after a number of them. So the last
 * page costs what the first one does, and an article that is written meanwhile moves no other to another page. Three
 * statements, however many articles there are.
 *
 * @example
 * const first = await pageOfArticles(session, { tag: 'orm' }, { size: 10 })
 * const second = await pageOfArticles(session, { tag: 'orm' }, { size: 10, after: first.next })
 * // SELECT id, slug, … FROM articles WHERE EXISTS (…) AND created_at <= ? AND (created_at < ? OR id < ?)
 * //   ORDER BY created_at DESC, id DESC LIMIT ?
 * // SELECT id, username, … FROM users WHERE id IN (?, …)
 * // SELECT … FROM tags JOIN articles_tags … WHERE article_id IN (?, …)
 *
 * @throws {CursorError} when the cursor leads nowhere
 */
export const pageOfArticles = (
  session: AsyncSession,
  filter: ArticleFilter,
  which: PageRequest,
): Promise<Page<FullArticle>> =>
  fittingArticles(session, filter)
    .orderBy((a) => [a.createdAt.desc(), a.id.desc()])
    .with({ author: true, tags: true })
    .page(which)
