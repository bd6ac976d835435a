import { todo } from '#shared/todo'
import { count } from '../query/aggregates.ts'
import { fetchAll } from '../query/execute.ts'
import { from } from '../query/select.ts'
import type { AsyncSession } from '../session/session.ts'
import { type Article, Favorite, Follow, type User } from './models.ts'
import type { Viewing } from './serializers.ts'

/**
 * What a reader has to do with a list of articles, in at most three statements, however long the list is.
 *
 * @example
 * await viewingOf(session, articles, reader)
 * // SELECT article_id, COUNT(*) AS count FROM favorites WHERE article_id IN (?, …) GROUP BY article_id
 * // SELECT article_id FROM favorites WHERE user_id = ? AND article_id IN (?, …)
 * // SELECT followed_id FROM follows WHERE follower_id = ? AND followed_id IN (?, …)
 */
export async function viewingOf(
  session: AsyncSession,
  articles: readonly Article[],
  viewer: User | undefined,
): Promise<Viewing> {
  // TODO(5): three answers for the whole list, one after the other: a session does one thing at a time.
  return todo('Task 5: one question for a whole list')
}

/** Which of these users the reader follows. */
export async function followedAmong(
  { connection }: AsyncSession,
  ids: readonly number[],
  viewer: User | undefined,
): Promise<ReadonlySet<number>> {
  // TODO(5): as `favoritesAmong`, of follows. Each id once: a hundred articles may have one author.
  return todo('Task 5: one question for a whole list')
}

async function favoritesAmong(
  { connection }: AsyncSession,
  ids: readonly number[],
  viewer: User | undefined,
): Promise<ReadonlySet<number>> {
  if (!viewer || ids.length === 0) return new Set()
  const query = from(Favorite)
    .where((f) => f.userId.eq(viewer.id).and(f.articleId.in([...ids])))
    .select((f) => ({ id: f.articleId }))
  return new Set((await fetchAll(connection, query)).map(({ id }) => id))
}

async function countFavorites(
  { connection }: AsyncSession,
  ids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  // TODO(5): let the database count: a row for each article (`groupBy`), and `count()`.
  return todo('Task 5: one question for a whole list')
}
