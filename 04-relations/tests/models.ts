import type { RecordedConnection } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import { belongsTo, connect, hasMany, hasOne, Model, manyToMany, t } from '#stage/04-relations'

// The blog, with what leads from one table to the next.

export class User extends Model('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  accountType: t.enum('free', 'premium').default('free'),
  joinedAt: t.timestamp().default(() => new Date()),
  posts: () => hasMany(Post, { foreignKey: 'userId' }),
  editedPosts: () => hasMany(Post, { foreignKey: 'editorId' }),
  profile: () => hasOne(Profile),
}) {
  greet() {
    return `Hi, ${this.name}`
  }
}

export class Profile extends Model('profiles', {
  id: t.integer().primaryKey(),
  bio: t.text(),
  website: t.text().nullable(),
  userId: t.integer().references(() => User.c.id),
  user: () => belongsTo(User),
}) {}

export class Post extends Model('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text(),
  published: t.boolean().default(false),
  createdAt: t.timestamp().default(() => new Date()),
  userId: t.integer().references(() => User.c.id),
  editorId: t
    .integer()
    .nullable()
    .references(() => User.c.id),
  author: () => belongsTo(User, { foreignKey: 'userId' }),
  editor: () => belongsTo(User, { foreignKey: 'editorId' }).nullable(),
  comments: () => hasMany(Comment),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {
  shout() {
    return this.title.toUpperCase()
  }
}

/** A comment may answer another one. */
export class Comment extends Model('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  postId: t.integer().references(() => Post.c.id),
  userId: t
    .integer()
    .nullable()
    .references(() => User.c.id),
  parentId: t
    .integer()
    .nullable()
    .references(() => Comment.c.id),
  post: () => belongsTo(Post),
  author: () => belongsTo(User).nullable(),
  parent: () => belongsTo(Comment).nullable(),
  answers: () => hasMany(Comment),
}) {}

export class Tag extends Model('tags', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
  posts: () => manyToMany(Post, { through: () => PostTag }),
}) {}

/** The pairs of posts and tags. */
export class PostTag extends Model('posts_tags', {
  postId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Post.c.id, { onDelete: 'cascade' }),
  tagId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Tag.c.id),
}) {}

/** The blog of Alice, Bob and Carol; only what is sent from now on is recorded. */
export function open(): RecordedConnection {
  const db = openBlog()
  connect(db)
  return db
}

/** Runs something and gives the recording of what it sent: expect(sentBy(db, …)).toHaveSent([]). */
export function sentBy(db: RecordedConnection, run: () => unknown): RecordedConnection {
  db.forget()
  run()
  return db
}
