import type { RecordedConnection } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import {
  belongsTo,
  createAll,
  entity,
  hasMany,
  hasOne,
  inherit,
  manyToMany,
  Session,
  type SessionOptions,
  t,
} from '#stage/08-profiling'

// The blog: Alice, Bob and Carol stand in the tables already.

export class User extends entity('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  accountType: t.enum('free', 'premium').default('free'),
  joinedAt: t.timestamp().default(() => new Date()),
  posts: () => hasMany(Post, { foreignKey: 'userId' }),
  profile: () => hasOne(Profile),
  latestPost: () => hasOne(Post, { foreignKey: 'userId', latestBy: 'createdAt' }),
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

// Not of the blog: `open` creates their tables.

/** An employee keeps its columns in the table of all people, a manager in one of its own. */
export class Person extends entity('people', {
  id: t.integer().primaryKey(),
  type: t.text().discriminator(() => [Employee, Manager], 'person'),
  name: t.text(),
}) {}

export class Employee extends inherit(Person, 'employee', {
  bossId: t
    .integer()
    .nullable()
    .references(() => Person.c.id),
  boss: () => belongsTo(Manager).nullable(),
}) {}

export class Manager extends inherit(
  Person,
  'manager',
  { level: t.integer() },
  { table: 'managers' },
) {}

export class Desk extends entity('desks', {
  id: t.integer().primaryKey(),
  personId: t
    .integer()
    .nullable()
    .references(() => Person.c.id),
  spareId: t
    .integer()
    .nullable()
    .references(() => Person.c.id),
  person: () => belongsTo(Person, { foreignKey: 'personId' }).nullable(),
  employee: () => belongsTo(Employee, { foreignKey: 'spareId' }).nullable(),
}) {}

/** Nothing in the declaration says that a guest has one key only. */
export class Guest extends entity('guests', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
  key: () => hasOne(GuestKey),
}) {}

/** Points to a name, and follows it when it changes. */
export class Invitation extends entity('invitations', {
  id: t.integer().primaryKey(),
  guestName: t.text().references(() => Guest.c.name, { onUpdate: 'cascade' }),
}) {}

export class GuestKey extends entity('guest_keys', {
  id: t.integer().primaryKey(),
  guestId: t.integer().references(() => Guest.c.id),
}) {}

/** The blog with a table for every entity, and a session; only what is sent from now on is recorded. */
export function open(options?: SessionOptions): { db: RecordedConnection; session: Session } {
  const db = openBlog()
  createAll(db)
  db.forget()
  return { db, session: new Session(db, options) }
}
