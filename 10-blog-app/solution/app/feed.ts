import { from } from '../query/select.ts'
import type { ColumnsOf } from '../relations/types.ts'
import type { EntityQuery } from '../session/entity-query.ts'
import type { AsyncSession } from '../session/session.ts'
import { Article, Follow, User } from './models.ts'
import type { FullArticle } from './serializers.ts'

export interface ArticleFilter {
  /** The name of a tag. */
  readonly tag?: string | undefined
  /** The name of who wrote it. */
  readonly author?: string | undefined
  /** The name of somebody whose favourite it is. */
  readonly favorited?: string | undefined
  /** Only of authors whom this user follows. */
  readonly followedBy?: User | undefined
}

export interface Slice {
  readonly limit: number
  readonly offset: number
}

/** A part of a list, and how long the whole list is. */
export interface ArticleList {
  readonly articles: readonly FullArticle[]
  readonly count: number
}

/**
 * The newest articles that fit, with authors and tags: four statements, however many articles there are.
 *
 * @example
 * await findArticles(session, { tag: 'orm' }, { limit: 20, offset: 0 })
 * // SELECT COUNT(*) AS count FROM articles WHERE EXISTS (…)
 * // SELECT id, slug, … FROM articles WHERE EXISTS (…) ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?
 * // SELECT id, username, … FROM users WHERE id IN (?, …)
 * // SELECT … FROM tags JOIN articles_tags … WHERE article_id IN (?, …)
 */
export async function findArticles(
  session: AsyncSession,
  filter: ArticleFilter,
  { limit, offset }: Slice,
): Promise<ArticleList> {
  const fitting = fittingArticles(session, filter)
  const count = await fitting.count()
  const articles = await fitting
    // Two articles of one moment: without the id their order would be the database's mood, and one might stand on two pages.
    .orderBy((a) => [a.createdAt.desc(), a.id.desc()])
    .limit(limit)
    .offset(offset)
    .with({ author: true, tags: true })
    .all()
  return { articles, count }
}

type ArticleQuery = EntityQuery<Article, ColumnsOf<Article>>

/** The articles that fit, in no order yet. What is left out of the filter asks for nothing. */
export function fittingArticles(
  session: AsyncSession,
  { tag, author, favorited, followedBy }: ArticleFilter,
): ArticleQuery {
  let query = session.query(Article)
  if (tag !== undefined) query = query.whereHas('tags', (t) => t.name.eq(tag))
  if (author !== undefined) query = query.whereHas('author', (u) => u.username.eq(author))
  if (favorited !== undefined)
    query = query.whereHas('favorites', (f) => f.userId.in(idOf(session, favorited)))
  if (followedBy) query = query.where((a) => a.authorId.in(followedIds(followedBy)))
  return query
}

/** `SELECT id FROM users WHERE username = ?`, to stand inside another query. */
const idOf = (session: AsyncSession, username: string) =>
  session
    .query(User)
    .where((u) => u.username.eq(username))
    .select((u) => ({ id: u.id }))

/** `SELECT followed_id FROM follows WHERE follower_id = ?`, likewise. */
const followedIds = ({ id }: User) =>
  from(Follow)
    .where((f) => f.followerId.eq(id))
    .select((f) => ({ id: f.followedId }))
