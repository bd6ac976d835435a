/**
 * The lens has shown what the list asks for. `joined` brings the authors in the statement of their posts.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 08
 */

import type { Draft, Line } from '#shared/blog/story'
import type { Connection } from '#shared/driver/driver'
import type { RecordedConnection } from '#shared/driver/recorder'
import { belongsTo, entity, manyToMany, Session, t } from '#stage/08-profiling'

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

export function publish({ authorId, tags, ...text }: Draft, db: Connection): number {
  using session = new Session(db)
  const named = session.query(Tag).where((t) => t.name.in(tags))
  const known = new Map(named.all().map((tag) => [tag.name, tag]))
  const post = new Post({ ...text, userId: authorId })
  post.tags.add(...tags.map((name) => known.get(name) ?? new Tag({ name })))
  session.add(post)
  session.commit()
  return post.id
}

export function rename(post: number, name: string, db: Connection): void {
  using session = new Session(db)
  session.get(Post, post).author.name = name
  session.commit()
}

export function list(db: Connection): Line[] {
  using session = new Session(db)
  const newest = session
    .query(Post)
    .orderBy((p) => p.id.desc())
    .limit(10)
    .joined({ author: true })
    .with({ tags: true })
  return newest.all().map(({ title, author, tags }) => ({
    title,
    author: author.name,
    tags: tags.map(({ name }) => name).sort(),
  }))
}

// Still wrong

/** Somebody else comes in, and the list is asked for in the same moment. */
export function wrong(db: RecordedConnection): string {
  let isServed = false
  setImmediate(() => {
    isServed = true
  })
  list(db)
  if (isServed) throw new Error('Somebody else was served meanwhile.')
  return `for the list the program stands still ${db.statements.length} times, and everybody else with it`
}
