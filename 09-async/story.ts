/**
 * The same, awaited, on a server: while one visitor waits for the database, the others go on.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 09
 */

import type { Draft, Line } from '#shared/blog/story'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { ForeignKeyViolation } from '#shared/driver/errors'
import { AsyncSession, belongsTo, entity, manyToMany, t } from '#stage/09-async'

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

export async function publish(draft: Draft, db: AsyncDatabase): Promise<number> {
  const { authorId, tags, ...text } = draft
  await using session = new AsyncSession(db)
  const named = session.query(Tag).where((t) => t.name.in(tags))
  const known = new Map((await named.all()).map((tag) => [tag.name, tag]))
  const post = new Post({ ...text, userId: authorId })
  post.tags.add(...tags.map((name) => known.get(name) ?? new Tag({ name })))
  session.add(post)
  await session.commit()
  return post.id
}

export async function rename(post: number, name: string, db: AsyncDatabase): Promise<void> {
  await using session = new AsyncSession(db)
  const { author } = await session.get(Post, post, { with: { author: true } })
  author.name = name
  await session.commit()
}

export async function list(db: AsyncDatabase): Promise<Line[]> {
  await using session = new AsyncSession(db)
  const newest = session
    .query(Post)
    .orderBy((p) => p.id.desc())
    .limit(10)
    .joined({ author: true })
    .with({ tags: true })
  const posts = await newest.all()
  return posts.map(({ title, author, tags }) => ({
    title,
    author: author.name,
    tags: tags.map(({ name }) => name).sort(),
  }))
}

// Still wrong

export async function wrong(db: AsyncDatabase): Promise<string> {
  const stranger = { title: 'No author', content: '…', authorId: 99, tags: ['sql'] }
  try {
    await publish(stranger, db)
  } catch (error) {
    if (!(error instanceof ForeignKeyViolation)) throw error
    return `what fails comes out as it is: an author who is not there is a \`${error.name}\` with SQL in it; and each function opens and commits a session of its own`
  }
  throw new Error('A post may have an author who is not there.')
}
