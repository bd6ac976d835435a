import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import type pg from 'pg'
import { pino } from 'pino'
import { createTokens, requestLog, schemas, slugOf } from '#stage/10-blog-app'

const { NewArticle, NewComment, Slice: SliceQuery } = schemas

/*
 * The requests of the load, answered without an ORM: the same framework, the same checks at the door, the same tokens, and
 * SQL by hand on `pg`. How articles are read is in joined.ts and in step-by-step.ts.
 */

export type Row = Record<string, any>

/** How articles are read: with author, tags, and what the reader has to do with them. */
export interface Reading {
  /** The article with a slug, or undefined. */
  article(pool: pg.Pool, viewer: Row | undefined, slug: string): Promise<Row | undefined>
  /** The newest articles. @param fits a condition on `a`, in which the reader is $1 */
  newest(pool: pg.Pool, viewer: Row | undefined, slice: Slice, fits: string): Promise<Row[]>
}
export interface Slice {
  readonly limit: number
  readonly offset: number
}

/** The measured part of the blog, on `pg` alone. */
export function createRawApp(pool: pg.Pool, secret: string, reading: Reading): Hono {
  const tokens = createTokens(secret)

  const viewerOf = async (header: string | undefined): Promise<Row | undefined> => {
    if (!header) return undefined
    const id = await tokens.read(header.replace(/^Token +/, ''))
    const sql = 'SELECT id, username, bio, image FROM users WHERE id = $1'
    const [user] = (await pool.query<Row>(sql, [id])).rows
    if (!user) throw new HTTPException(401)
    return user
  }
  const needViewer = async (header: string | undefined): Promise<Row> => {
    const viewer = await viewerOf(header)
    if (!viewer) throw new HTTPException(401)
    return viewer
  }

  const article = async (viewer: Row | undefined, slug: string): Promise<Row> => {
    const row = await reading.article(pool, viewer, slug)
    if (!row) throw new HTTPException(404)
    return row
  }
  const list = async (viewer: Row | undefined, slice: Slice, fits = '') => {
    const count = `SELECT COUNT(*)::int AS count FROM articles a ${fits}`
    const counted = await pool.query<Row>(count, fits ? [viewer?.id] : [])
    const rows = await reading.newest(pool, viewer, slice, fits)
    return { articles: rows.map(summary), articlesCount: counted.rows[0]!.count }
  }

  const app = new Hono()
  app.use(requestLog(pino({ level: 'silent' })))
  app.use(secureHeaders())
  app.use(bodyLimit({ maxSize: 256 * 1024 }))

  app.get('/api/articles/feed', async (c) => {
    const viewer = await needViewer(c.req.header('authorization'))
    const fits = 'WHERE a.author_id IN (SELECT followed_id FROM follows WHERE follower_id = $1)'
    return c.json(await list(viewer, SliceQuery.parse(c.req.query()), fits))
  })
  app.get('/api/articles', async (c) => {
    const viewer = await viewerOf(c.req.header('authorization'))
    return c.json(await list(viewer, SliceQuery.parse(c.req.query())))
  })
  app.get('/api/articles/:slug', async (c) => {
    const viewer = await viewerOf(c.req.header('authorization'))
    const row = await article(viewer, c.req.param('slug'))
    c.header('ETag', `"${row.id}-${row.version}"`)
    return c.json({ article: { ...summary(row), body: row.body } })
  })
  app.get('/api/tags', async (c) => {
    const sql = 'SELECT name FROM tags WHERE id IN (SELECT tag_id FROM articles_tags) ORDER BY name'
    return c.json({ tags: (await pool.query<Row>(sql)).rows.map(({ name }) => name) })
  })
  app.post('/api/articles', async (c) => {
    const viewer = await needViewer(c.req.header('authorization'))
    const given = NewArticle.parse(await c.req.json()).article
    const slug = await inTransaction(pool, (client) => insertArticle(client, viewer, given))
    const row = await article(viewer, slug)
    c.header('ETag', `"${row.id}-${row.version}"`)
    return c.json({ article: { ...summary(row), body: row.body } }, 201)
  })
  app.post('/api/articles/:slug/favorite', async (c) => {
    const viewer = await needViewer(c.req.header('authorization'))
    await pool.query(
      'INSERT INTO favorites (user_id, article_id) SELECT $1, id FROM articles WHERE slug = $2 ON CONFLICT DO NOTHING',
      [viewer.id, c.req.param('slug')],
    )
    const row = await article(viewer, c.req.param('slug'))
    return c.json({ article: { ...summary(row), body: row.body } })
  })
  app.post('/api/articles/:slug/comments', async (c) => {
    const viewer = await needViewer(c.req.header('authorization'))
    const { body } = NewComment.parse(await c.req.json()).comment
    const now = new Date()
    const { rows } = await pool.query<Row>(
      'INSERT INTO comments (body, created_at, updated_at, article_id, author_id) SELECT $1, $2, $2, id, $3 FROM articles WHERE slug = $4 RETURNING id',
      [body, now, viewer.id, c.req.param('slug')],
    )
    if (!rows[0]) throw new HTTPException(404)
    const [createdAt, updatedAt] = [now.toISOString(), now.toISOString()]
    const author = { username: viewer.username, bio: viewer.bio, image: viewer.image }
    return c.json({
      comment: {
        id: rows[0].id,
        createdAt,
        updatedAt,
        body,
        author: { ...author, following: false },
      },
    })
  })
  app.onError((error, c) =>
    error instanceof HTTPException ? error.getResponse() : c.json({ errors: {} }, 500),
  )
  return app
}

const summary = (row: Row) => ({
  slug: row.slug,
  title: row.title,
  description: row.description,
  tagList: row.tags,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  favorited: row.favorited,
  favoritesCount: row.favorites_count,
  author: {
    username: row.username,
    bio: row.bio,
    image: row.image,
    following: row.following,
  },
})

/** @returns the slug that it has got */
async function insertArticle(
  client: pg.PoolClient,
  author: Row,
  given: { title: string; description: string; body: string; tagList: string[] },
): Promise<string> {
  const tags = [...new Set(given.tagList)].toSorted()
  await client.query(
    'INSERT INTO tags (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING',
    [tags],
  )
  const plain = slugOf(given.title)
  const stored =
    (await insertUnder(client, plain, author, given)) ??
    (await insertUnder(client, `${plain}-${randomBytes(4).toString('hex')}`, author, given))
  await client.query(
    'INSERT INTO articles_tags (article_id, tag_id) SELECT $1, id FROM tags WHERE name = ANY($2)',
    [stored!.id, tags],
  )
  return stored!.slug
}

/** @returns nothing when the slug is taken */
async function insertUnder(
  client: pg.PoolClient,
  slug: string,
  author: Row,
  { title, description, body }: { title: string; description: string; body: string },
): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `INSERT INTO articles (slug, title, description, body, created_at, updated_at, author_id, version)
     VALUES ($1, $2, $3, $4, $5, $5, $6, 1) ON CONFLICT (slug) DO NOTHING RETURNING id, slug`,
    [slug, title, description, body, new Date(), author.id],
  )
  return rows[0]
}

async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
