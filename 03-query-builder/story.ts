/**
 * A question is a value that is put together, in types: one statement asks for ten posts and their authors.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 03
 */

import type { Draft, Line } from '#shared/blog/story'
import type { Connection } from '#shared/driver/driver'
import type { RecordedConnection } from '#shared/driver/recorder'
import { transaction } from '#shared/driver/transaction'
import {
  execute,
  fetchAll,
  from,
  insertInto,
  Model,
  t,
  update,
  value,
} from '#stage/03-query-builder'

export { connect } from '#stage/03-query-builder'

// The tables

class User extends Model('users', { id: t.integer().primaryKey(), name: t.text() }) {}

class Post extends Model('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text(),
  published: t.boolean().default(true),
  createdAt: t.timestamp().default(() => new Date()),
  userId: t.integer().references(() => User.c.id),
}) {}

class Tag extends Model('tags', { id: t.integer().primaryKey(), name: t.text().unique() }) {}

class PostTag extends Model('posts_tags', {
  postId: t.integer().primaryKey({ generated: false }),
  tagId: t.integer().primaryKey({ generated: false }),
}) {}

// The scene

export function publish({ authorId, tags, ...text }: Draft, db: Connection): number {
  return transaction(db, () => {
    const post = Post.create({ ...text, userId: authorId })
    if (tags.length === 0) return post.id
    const missing = insertInto(Tag).values(tags.map((name) => ({ name })))
    execute(db, missing.onConflict((t) => t.name).doNothing())
    const pairs = from(Tag)
      .where((t) => t.name.in(tags))
      .select((t) => ({ postId: value(post.id), tagId: t.id }))
    execute(db, insertInto(PostTag).select(pairs))
    return post.id
  })
}

export function rename(post: number, name: string, db: Connection): void {
  const author = from(Post)
    .where((p) => p.id.eq(post))
    .select((p) => ({ id: p.userId }))
  const named = update(User).set({ name })
  execute(
    db,
    named.where((u) => u.id.in(author)),
  )
}

export function list(db: Connection): Line[] {
  const newest = from(Post)
    .innerJoin(User, (p, u) => u.id.eq(p.userId))
    .orderBy((p) => p.id.desc())
    .limit(10)
    .select((p, u) => ({ id: p.id, title: p.title, author: u.name }))
  const posts = fetchAll(db, newest)
  const tagged = from(PostTag)
    .innerJoin(Tag, (pt, t) => t.id.eq(pt.tagId))
    .where((pt) => pt.postId.in(posts.map(({ id }) => id)))
    .orderBy((_, t) => t.name)
    .select((pt, t) => ({ postId: pt.postId, name: t.name }))
  const tags = fetchAll(db, tagged)
  return posts.map(({ id, title, author }) => ({
    title,
    author,
    tags: tags.filter(({ postId }) => postId === id).map(({ name }) => name),
  }))
}

// Still wrong

export function wrong(db: RecordedConnection): string {
  list(db)
  const joins = db.statements.filter(({ sql }) => sql.includes(' JOIN ')).length
  const [author] = fetchAll(db, from(User).limit(1))
  if (author instanceof User) throw new Error('A query gives objects.')
  return `each question writes its joins anew (${joins} in the list), and gives rows: an author in them is no \`User\``
}
