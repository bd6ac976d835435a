import { execute } from '../query/execute.ts'
import { insertInto } from '../query/insert.ts'
import type { AsyncSession } from '../session/session.ts'
import { HttpError, notFound } from './errors.ts'
import { Article, Tag, type User } from './models.ts'
import type { FullArticle } from './serializers.ts'
import { withFreeSlug } from './slugs.ts'

/** What an author decides about an article. Its slug, its dates and its author are not among it. */
export interface ArticleText {
  readonly title: string
  readonly description: string
  readonly body: string
}

/**
 * One article with all that is shown of it: two statements. An article has one author, so that the join brings one row.
 *
 * @throws {HttpError} 404 when no article has the slug
 */
export async function needArticle(session: AsyncSession, slug: string): Promise<FullArticle> {
  const article = await session
    .query(Article)
    .where((a) => a.slug.eq(slug))
    .joined({ author: true })
    .with({ tags: true })
    .first()
  if (!article) throw notFound('article')
  return article
}

/** @throws {HttpError} 403 when somebody else wrote it */
export function checkAuthor(written: { readonly authorId: number }, viewer: User): void {
  if (written.authorId !== viewer.id)
    throw new HttpError(403, { body: ['only the author may do that'] })
}

/**
 * Stores a new article.
 *
 * ```text
 * BEGIN
 * INSERT INTO tags (name) VALUES (?), … ON CONFLICT (name) DO NOTHING
 * SELECT id, name FROM tags WHERE name IN (?, …)
 * INSERT INTO articles (slug, …) VALUES (?, …) RETURNING id
 * INSERT INTO articles_tags (article_id, tag_id) VALUES (?, ?), …
 * ```
 */
export async function addArticle(
  session: AsyncSession,
  author: User,
  { tagList, ...text }: ArticleText & { readonly tagList: readonly string[] },
): Promise<FullArticle> {
  const slug = await withFreeSlug(session, text.title, async (slug) => {
    const tags = await tagsNamed(session, tagList)
    const article = new Article({ ...text, slug, author })
    article.tags.add(...tags)
    session.add(article)
    return slug
  })
  return needArticle(session, slug)
}

/** Changes an article. Another title is another slug. */
export async function changeArticle(
  session: AsyncSession,
  article: FullArticle,
  changes: { readonly [P in keyof ArticleText]?: ArticleText[P] | undefined },
): Promise<FullArticle> {
  const { title = article.title, description = article.description, body = article.body } = changes
  if (title === article.title) Object.assign(article, { description, body })
  else
    await withFreeSlug(session, title, async (slug) => {
      Object.assign(article, { title, slug, description, body })
    })
  await session.flush()
  // A rollback on the way has forgotten what was loaded with it. Where there was none, nothing is sent.
  const [full] = await session.load([article], { author: true, tags: true })
  return full!
}

/** The tags with these names. Those that are not there yet are made; somebody else may make them at the same moment. */
async function tagsNamed(session: AsyncSession, names: readonly string[]): Promise<Tag[]> {
  const wanted = [...new Set(names)].toSorted()
  if (wanted.length === 0) return []
  const missing = insertInto(Tag).values(wanted.map((name) => ({ name })))
  await execute(session.connection, missing.onConflict((t) => t.name).doNothing())
  return session
    .query(Tag)
    .where((t) => t.name.in(wanted))
    .all()
}
