/**
 * A class knows its table, and SQL is gone. But all that can be asked is: which rows have these values?
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 02
 */

import type { Draft, Line } from '#shared/blog/story'
import type { RecordedConnection } from '#shared/driver/recorder'
import { transaction } from '#shared/driver/transaction'
import { Model, t } from '#stage/02-active-record'

export { connect } from '#stage/02-active-record'

// The tables

class User extends Model('users', { id: t.integer().primaryKey(), name: t.text() }) {}

class Post extends Model('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text(),
  published: t.boolean().default(true),
  createdAt: t.timestamp().default(() => new Date()),
  userId: t.integer(),
}) {}

class Tag extends Model('tags', { id: t.integer().primaryKey(), name: t.text().unique() }) {}

class PostTag extends Model('posts_tags', {
  postId: t.integer().primaryKey({ generated: false }),
  tagId: t.integer().primaryKey({ generated: false }),
}) {}

// The scene

export function publish({ authorId, tags, ...text }: Draft, db: RecordedConnection): number {
  return transaction(db, () => {
    const post = Post.create({ ...text, userId: authorId })
    for (const name of tags) {
      const tag = Tag.findBy({ name }) ?? Tag.create({ name })
      PostTag.create({ postId: post.id, tagId: tag.id })
    }
    return post.id
  })
}

export function rename(post: number, name: string): void {
  const author = User.get(Post.get(post).userId)
  author.name = name
  author.save()
}

export function list(): Line[] {
  const newest = Post.all().sort((a, b) => b.id - a.id)
  return newest.slice(0, 10).map((post) => ({
    title: post.title,
    author: User.get(post.userId).name,
    tags: PostTag.where({ postId: post.id })
      .map(({ tagId }) => Tag.get(tagId).name)
      .sort(),
  }))
}

// Still wrong

export function wrong(db: RecordedConnection): string {
  list()
  const { length } = db.statements
  return `the list reads ${db.statements[0]?.rows} posts to show 10, and sends ${length} statements: the N+1`
}
