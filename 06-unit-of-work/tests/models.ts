import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { openBlog } from '#shared/testing/open-blog'
import {
  belongsTo,
  entity,
  hasMany,
  hasOne,
  manyToMany,
  type Registry,
  Session,
  t,
} from '#stage/06-unit-of-work'

export class User extends entity('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  accountType: t.enum('free', 'premium').default('free'),
  joinedAt: t.timestamp().default(() => new Date()),
  posts: () => hasMany(Post, { foreignKey: 'userId' }),
  profile: () => hasOne(Profile),
}) {}

export class Profile extends entity('profiles', {
  id: t.integer().primaryKey(),
  bio: t.text(),
  website: t.text().nullable(),
  userId: t
    .integer()
    .unique()
    .references(() => User.c.id),
  user: () => belongsTo(User),
}) {}

export class Post extends entity('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text().default(''),
  published: t.boolean().default(false),
  createdAt: t.timestamp().default(() => new Date()),
  userId: t.integer().references(() => User.c.id),
  editorId: t
    .integer()
    .nullable()
    .references(() => User.c.id),
  author: () => belongsTo(User, { foreignKey: 'userId' }),
  editor: () => belongsTo(User, { foreignKey: 'editorId' }).nullable(),
  comments: () => hasMany(Comment, { cascade: 'delete', orphans: 'delete' }),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {}

export class Comment extends entity('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  postId: t.integer().references(() => Post.c.id, { onDelete: 'cascade' }),
  userId: t
    .integer()
    .nullable()
    .references(() => User.c.id, { onDelete: 'set null' }),
  parentId: t
    .integer()
    .nullable()
    .references(() => Comment.c.id),
  post: () => belongsTo(Post),
  author: () => belongsTo(User).nullable(),
  parent: () => belongsTo(Comment).nullable(),
  answers: () => hasMany(Comment),
}) {}

export class Tag extends entity('tags', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
  posts: () => manyToMany(Post, { through: () => PostTag }),
}) {}

export class PostTag extends entity('posts_tags', {
  postId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Post.c.id, { onDelete: 'cascade' }),
  tagId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Tag.c.id),
}) {}

/** The blog, and a session on it; only what is sent from now on is recorded. */
export function open(): { db: RecordedConnection; session: Session } {
  const db = openBlog()
  return { db, session: new Session(db) }
}

/** An empty database with the tables of a registry. */
export function openEmpty(models: Registry): { db: RecordedConnection; session: Session } {
  const db = record(openSqlite())
  models.createAll(db)
  db.forget()
  return { db, session: new Session(db) }
}
