import { Model, t } from '#stage/03-query-builder'

// The tables of the blog as models.

export class User extends Model('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  accountType: t.enum('free', 'premium').default('free'),
  joinedAt: t.timestamp().default(() => new Date()),
}) {
  greet() {
    return `Hi, ${this.name}`
  }
}

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
}) {}

export class Comment extends Model('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  postId: t.integer().references(() => Post.c.id, { onDelete: 'cascade' }),
  userId: t.integer().nullable(),
  parentId: t.integer().nullable(),
}) {}

export class Tag extends Model('tags', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
}) {}
