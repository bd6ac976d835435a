/**
 * Objects reach for each other, `post.author`, `post.tags`, and the list says which ones it will want.
 *
 * A post is published, its author renamed, ten posts are listed: npm run story -- 04
 */

import type { Draft, Line } from '#shared/blog/story'
import type { Connection } from '#shared/driver/driver'
import { transaction } from '#shared/driver/transaction'
import { belongsTo, Model, manyToMany, t } from '#stage/04-relations'

export { connect } from '#stage/04-relations'

// The tables

class User extends Model('users', { id: t.integer().primaryKey(), name: t.text() }) {}

class Post extends Model('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text(),
  published: t.boolean().default(true),
  createdAt: t.timestamp().default(() => new Date()),
  userId: t.integer().references(() => User.c.id),
  author: () => belongsTo(User),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {}

class Tag extends Model('tags', { id: t.integer().primaryKey(), name: t.text().unique() }) {}

class PostTag extends Model('posts_tags', {
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
  return transaction(db, () => {
    const post = new Post({ ...text, userId: authorId })
    post.tags.add(...tags.map((name) => Tag.findBy({ name }) ?? Tag.create({ name })))
    post.save()
    return post.id
  })
}

export function rename(post: number, name: string): void {
  const { author } = Post.get(post)
  author.name = name
  author.save()
}

export function list(): Line[] {
  const newest = Post.query()
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

export function wrong(): string {
  const [one, other] = [Post.get(3).author, Post.get(6).author]
  one.name = 'Robert'
  one.save()
  if (other.id !== one.id || other.name === one.name) throw new Error('One row is one object.')
  return 'two posts of one author bring two objects for one row: rename one, and the other keeps the old name'
}
