import type { Reading, Row } from './raw.ts'

/** Everything in one statement, as somebody writes it who has the time: what PostgreSQL can do itself, it does. */
export const joined: Reading = {
  async article(pool, viewer, slug) {
    const { rows } = await pool.query<Row>(`${articleSql} WHERE a.slug = $2`, [viewer?.id, slug])
    return rows[0]
  },
  async newest(pool, viewer, { limit, offset }, fits) {
    const { rows } = await pool.query<Row>(
      `${articleSql} ${fits} ORDER BY a.created_at DESC, a.id DESC LIMIT $2 OFFSET $3`,
      [viewer?.id, limit, offset],
    )
    return rows
  },
}

/** An article with its author, its tags, and what the reader ($1) has to do with it. */
const articleSql = `
  SELECT a.id, a.version, a.slug, a.title, a.description, a.body, a.created_at, a.updated_at,
    u.username, u.bio, u.image,
    ARRAY(SELECT t.name FROM tags t JOIN articles_tags j ON j.tag_id = t.id WHERE j.article_id = a.id ORDER BY t.name) AS tags,
    (SELECT COUNT(*)::int FROM favorites f WHERE f.article_id = a.id) AS favorites_count,
    EXISTS (SELECT 1 FROM favorites f WHERE f.article_id = a.id AND f.user_id = $1) AS favorited,
    EXISTS (SELECT 1 FROM follows w WHERE w.followed_id = a.author_id AND w.follower_id = $1) AS following
  FROM articles a JOIN users u ON u.id = a.author_id`
