import type pg from 'pg'
import type { Reading, Row } from './raw.ts'

/** The statements that the blog sends, one after the other: the articles, then their authors, their tags, and so on. */
export const stepByStep: Reading = {
  async article(pool, viewer, slug) {
    const { rows } = await pool.query<Row>(
      'SELECT u.username, u.bio, u.image, a.* FROM articles a LEFT JOIN users u ON u.id = a.author_id WHERE a.slug = $1',
      [slug],
    )
    const [article] = await complete(pool, viewer, rows)
    return article
  },
  async newest(pool, viewer, { limit, offset }, fits) {
    const { rows } = await pool.query<Row>(
      `SELECT a.* FROM articles a ${fits} ORDER BY a.created_at DESC, a.id DESC LIMIT ${fits ? '$2 OFFSET $3' : '$1 OFFSET $2'}`,
      fits ? [viewer?.id, limit, offset] : [limit, offset],
    )
    return complete(pool, viewer, await withAuthors(pool, rows))
  },
}

async function withAuthors(pool: pg.Pool, articles: Row[]): Promise<Row[]> {
  if (articles.length === 0) return []
  const ids = [...new Set(articles.map((article) => article.author_id))]
  const sql = 'SELECT id AS author_id, username, bio, image FROM users WHERE id = ANY($1)'
  const { rows } = await pool.query<Row>(sql, [ids])
  const authors = new Map(rows.map((author) => [author.author_id, author]))
  return articles.map((article) => ({ ...authors.get(article.author_id), ...article }))
}

/** Adds what stands in other tables: one statement for each of them, however many articles there are. */
async function complete(pool: pg.Pool, viewer: Row | undefined, articles: Row[]): Promise<Row[]> {
  if (articles.length === 0) return []
  const ids = articles.map(({ id }) => id)
  const authorIds = [...new Set(articles.map((article) => article.author_id))]
  const send = async (sql: string, values: unknown[]) => (await pool.query<Row>(sql, values)).rows
  const tags = await send(
    'SELECT j.article_id, t.name FROM tags t JOIN articles_tags j ON j.tag_id = t.id WHERE j.article_id = ANY($1) ORDER BY t.name',
    [ids],
  )
  const counts = await send(
    'SELECT article_id, COUNT(*)::int AS count FROM favorites WHERE article_id = ANY($1) GROUP BY article_id',
    [ids],
  )
  const liked = await send(
    'SELECT article_id FROM favorites WHERE user_id = $1 AND article_id = ANY($2)',
    [viewer?.id, ids],
  )
  const followed = await send(
    'SELECT followed_id FROM follows WHERE follower_id = $1 AND followed_id = ANY($2)',
    [viewer?.id, authorIds],
  )
  const countOf = new Map(counts.map((row) => [row.article_id, row.count]))
  const favorites = new Set(liked.map((row) => row.article_id))
  const following = new Set(followed.map((row) => row.followed_id))
  const tagsOf = new Map<number, string[]>(ids.map((id) => [id, []]))
  for (const { article_id, name } of tags) tagsOf.get(article_id)!.push(name)
  return articles.map((article) => ({
    ...article,
    tags: tagsOf.get(article.id),
    favorites_count: countOf.get(article.id) ?? 0,
    favorited: favorites.has(article.id),
    following: following.has(article.author_id),
  }))
}
