import { belongsTo, entity, hasMany, hasOne, manyToMany, t } from '#stage/09-async'

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
  comments: () => hasMany(Comment),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {}

/** Rows that point to rows of their own table. */
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

export class Account extends entity('accounts', {
  id: t.integer().primaryKey({ generated: false }),
  cents: t.integer(),
}) {}

/** Its key is always made by the database. */
export class Job extends entity('jobs', {
  id: t.integer().primaryKey(),
  name: t.text(),
  worker: t.text().nullable(),
}) {}

/** The database fills in a mark, another one for each row. */
export class Note extends entity('notes', {
  id: t.integer().primaryKey(),
  text: t.text(),
  mark: t.integer().defaultSql('0'),
}) {}
