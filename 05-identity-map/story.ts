/**
 * A session stands between: one row is one object. It writes when it is told to, one object at a time.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 05
 */

import type { Draft, Line } from '#shared/blog/story'
import type { Connection } from '#shared/driver/driver'
import { ForeignKeyViolation } from '#shared/driver/errors'
import { transaction } from '#shared/driver/transaction'
import { belongsTo, entity, manyToMany, Session, t } from '#stage/05-identity-map'

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

export function publish({ authorId, tags: names, ...text }: Draft, db: Connection): number {
  using session = new Session(db)
  return transaction(db, () => {
    const named = session.query(Tag).where((t) => t.name.in(names))
    const known = new Map(named.all().map((tag) => [tag.name, tag]))
    const tags = names.map((name) => known.get(name) ?? new Tag({ name }))
    for (const tag of tags) session.save(tag)
    const post = new Post({ ...text, userId: authorId })
    post.tags.add(...tags)
    session.save(post)
    return post.id
  })
}

export function rename(post: number, name: string, db: Connection): void {
  using session = new Session(db)
  const { author } = session.get(Post, post)
  author.name = name
  session.save(author)
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

/** Nobody has opened a transaction here. */
export function wrong(db: Connection): string {
  using session = new Session(db)
  const tag = new Tag({ name: 'half' })
  session.save(tag)
  const post = new Post({ title: 'No author', content: '…', userId: 99 })
  post.tags.add(tag)
  try {
    session.save(post)
  } catch (error) {
    if (!(error instanceof ForeignKeyViolation)) throw error
    const { length } = session
      .query(Tag)
      .where((t) => t.name.eq('half'))
      .all()
    return `first the tags, then the post: the order of writes is yours, and so is the transaction; without one the post is refused, and ${length} tag of it stays`
  }
  throw new Error('A post may have an author who is not there.')
}
