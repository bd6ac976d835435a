/**
 * A web API: each request has a session of its own, which commits when all went well, and each error an answer.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 10
 */

import { Hono } from 'hono'
import { validator } from 'hono/validator'
import { z } from 'zod'
import type { Draft, Line } from '#shared/blog/story'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import type { RecordedDatabase } from '#shared/driver/async-recorder'
import {
  answerFor,
  belongsTo,
  currentSession,
  entity,
  execute,
  insertInto,
  manyToMany,
  sessionPerRequest,
  t,
} from '#stage/10-blog-app'

// The tables

class User extends entity('users', { id: t.integer().primaryKey(), name: t.text() }) {}

class Post extends entity('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text(),
  published: t.boolean().default(true),
  createdAt: t.timestamp().default(() => new Date()),
  userId: t.integer().references(() => User.c.id),
  author: () => belongsTo(User),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {}

class Tag extends entity('tags', { id: t.integer().primaryKey(), name: t.text().unique() }) {}

class PostTag extends entity('posts_tags', {
  postId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Post.c.id),
  tagId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Tag.c.id),
}) {}

// The scene

const newPost = z.object({
  title: z.string().min(1),
  content: z.string(),
  authorId: z.int(),
  tags: z.array(z.string().min(1)),
})

const newName = z.object({ name: z.string().min(1) })
const id = z.coerce.number().int()
const checked = <T>(schema: z.ZodType<T>) => validator('json', (body) => schema.parse(body))

const blog = new Hono()
  .post('/posts', checked(newPost), async (c) => {
    const { authorId, tags, ...text } = c.req.valid('json')
    const post = new Post({ ...text, userId: authorId })
    const session = currentSession()
    await session.transaction(async () => {
      post.tags.add(...(await tagsNamed(tags)))
      session.add(post)
    })
    return c.json({ id: post.id }, 201)
  })
  .patch('/posts/:id/author', checked(newName), async (c) => {
    const post = id.parse(c.req.param('id'))
    const { author } = await currentSession().get(Post, post, { with: { author: true } })
    author.name = c.req.valid('json').name
    return c.body(null, 204)
  })
  .get('/posts', async (c) => {
    const newest = currentSession()
      .query(Post)
      .orderBy((p) => p.id.desc())
      .limit(10)
      .joined({ author: true })
      .with({ tags: true })
    const posts = await newest.all()
    const lines = posts.map(({ title, author, tags }) => ({
      title,
      author: author.name,
      tags: tags.map(({ name }) => name).sort(),
    }))
    return c.json(lines)
  })
  .onError((error, c) => {
    const { status, errors } = answerFor(error)
    return c.json({ errors }, status)
  })

/** Two visitors may bring the same new tag at the same moment. */
async function tagsNamed(names: readonly string[]): Promise<Tag[]> {
  if (names.length === 0) return []
  const session = currentSession()
  const missing = insertInto(Tag).values(names.map((name) => ({ name })))
  await execute(session.connection, missing.onConflict((t) => t.name).doNothing())
  const named = session.query(Tag).where((t) => t.name.in(names))
  return named.all()
}

// The visitors

export async function publish(draft: Draft, db: AsyncDatabase): Promise<number> {
  const { id } = await ask<{ id: number }>(db, '/posts', 'POST', draft)
  return id
}

export async function rename(post: number, name: string, db: AsyncDatabase): Promise<void> {
  await ask<null>(db, `/posts/${post}/author`, 'PATCH', { name })
}

export const list = (db: AsyncDatabase): Promise<Line[]> => ask<Line[]>(db, '/posts')

async function ask<T>(db: AsyncDatabase, path: string, method = 'GET', body?: object): Promise<T> {
  const answer = await send(db, path, method, body)
  if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status} ${await answer.text()}`)
  return (answer.status === 204 ? null : await answer.json()) as T
}

function send(db: AsyncDatabase, path: string, method: string, body?: object) {
  const headers = { 'content-type': 'application/json' }
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
  return sessionPerRequest(db, blog.fetch)(new Request(`http://localhost${path}`, init))
}

// Still wrong

export async function wrong(db: RecordedDatabase): Promise<string> {
  const stranger = { title: 'No author', content: '…', authorId: 99, tags: ['half'] }
  const { status } = await send(db, '/posts', 'POST', stranger)
  const halves = await db.values("SELECT id FROM tags WHERE name = 'half'")
  db.forget()
  await list(db)
  return `nothing of the above: an author who is not there is a ${status}, and ${halves.length} tags stay. What is left is the price: ${db.statements.length} statements for the list, where SQL written by hand needs 1`
}
