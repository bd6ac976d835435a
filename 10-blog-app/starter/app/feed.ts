import { todo } from '#shared/todo'
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
  // TODO(4): how many fit, and a slice of them with `author` and `tags`. The newest first: and of two of one moment?
  return todo('Task 4: the newest articles')
}

type ArticleQuery = EntityQuery<Article, ColumnsOf<Article>>

/** The articles that fit, in no order yet. What is left out of the filter asks for nothing. */
export function fittingArticles(
  session: AsyncSession,
  { tag, author, favorited, followedBy }: ArticleFilter,
): ArticleQuery {
  // TODO(4): begin with `session.query(Article)`. `whereHas` asks for a related row, `idOf` and `followedIds` are queries
  // that stand inside of `in(…)`.
  return todo('Task 4: the newest articles')
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
