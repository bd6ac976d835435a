/**
 * Change what you like, then commit: what is written, and in which order, is found out by the session.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 06
 */

import type { Draft, Line } from '#shared/blog/story'
import type { Connection } from '#shared/driver/driver'
import { DatabaseError } from '#shared/driver/errors'
import { belongsTo, entity, manyToMany, Registry, Session, t } from '#stage/06-unit-of-work'

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
    .with({ author: true, tags: true })
  return newest.all().map(({ title, author, tags }) => ({
    title,
    author: author.name,
    tags: tags.map(({ name }) => name).sort(),
  }))
}

// Still wrong

/** Tomorrow a post has a subtitle. */
export function wrong(db: Connection): string {
  const tomorrow = new Registry()
  class Subtitled extends entity(
    'posts',
    { id: t.integer().primaryKey(), subtitle: t.text().nullable() },
    { registry: tomorrow },
  ) {}
  tomorrow.createAll(db)
  try {
    new Session(db).query(Subtitled).all()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return `a class gets a column, and its table does not: in every database somebody alters it by hand (\`${(error.cause as Error).message}\`)`
  }
  throw new Error('createAll alters tables.')
}
