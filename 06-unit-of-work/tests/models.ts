import type { RecordedConnection } from '#shared/driver/recorder'
import { openBlog } from '#shared/testing/open-blog'
import {
  belongsTo,
  entity,
  hasMany,
  hasOne,
  inherit,
  manyToMany,
  registry,
  Session,
  type SessionOptions,
  t,
} from '#stage/06-unit-of-work'

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

/** Its key is not the first of its columns. */
export class Tag extends entity('tags', {
  name: t.text().unique(),
  id: t.integer().primaryKey(),
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

export interface Settings {
  theme: string
  sizes?: number[]
}

/** Values that can be changed from the inside, and a version. */
export class Draft extends entity('drafts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  dueAt: t.timestamp().nullable(),
  settings: t.json<Settings>().nullable(),
  photo: t.blob().nullable(),
  version: t.integer().version(),
}) {}

/** Two tables that point to each other. */
export class Team extends entity('teams', {
  id: t.integer().primaryKey(),
  name: t.text(),
  captainId: t
    .integer()
    .nullable()
    .references(() => Player.c.id),
  captain: () => belongsTo(Player).nullable(),
  players: () => hasMany(Player),
}) {}

export class Player extends entity('players', {
  id: t.integer().primaryKey(),
  name: t.text(),
  teamId: t.integer().references(() => Team.c.id),
  team: () => belongsTo(Team),
}) {}

/** Two tables that point to each other, and neither may be without the other. */
export class Chicken extends entity('chickens', {
  id: t.integer().primaryKey(),
  eggId: t.integer().references(() => Egg.c.id),
  egg: () => belongsTo(Egg),
}) {}

export class Egg extends entity('eggs', {
  id: t.integer().primaryKey(),
  chickenId: t.integer().references(() => Chicken.c.id),
  chicken: () => belongsTo(Chicken),
}) {}

/** Children that go with their parent, and do not live without one. */
export class Order extends entity('orders', {
  id: t.integer().primaryKey(),
  customer: t.text(),
  lines: () => hasMany(Line, { cascade: 'delete', orphans: 'delete' }),
}) {}

export class Line extends entity('lines', {
  id: t.integer().primaryKey(),
  product: t.text(),
  orderId: t.integer().references(() => Order.c.id),
  order: () => belongsTo(Order),
  notes: () => hasMany(Note, { cascade: 'delete' }),
}) {}

export class Note extends entity('notes', {
  id: t.integer().primaryKey(),
  text: t.text(),
  lineId: t.integer().references(() => Line.c.id),
}) {}

/** Two unique columns: one may be empty for a while, one may not. */
export class Seat extends entity('seats', {
  id: t.integer().primaryKey(),
  number: t.integer().unique(),
  badge: t.text().nullable().unique(),
}) {}

/** Three unique columns, so that one row can be part of several circles. */
export class Place extends entity('places', {
  id: t.integer().primaryKey(),
  number: t.integer().unique(),
  letter: t.text().nullable().unique(),
  code: t.text().unique(),
  nextId: t
    .integer()
    .nullable()
    .references(() => Place.c.id),
  next: () => belongsTo(Place).nullable(),
}) {}

/** Points to a unique column that is not the key, and may change. */
export class Ticket extends entity('tickets', {
  id: t.integer().primaryKey(),
  seatNumber: t
    .integer()
    .nullable()
    .references(() => Seat.c.number),
}) {}

/** An employee keeps its columns in the table of all people, a manager in one of its own. */
export class Person extends entity('people', {
  id: t.integer().primaryKey(),
  type: t.text().discriminator(() => [Employee, Manager], 'person'),
  name: t.text(),
}) {}

export class Employee extends inherit(Person, 'employee', { salary: t.integer() }) {}

export class Manager extends inherit(
  Person,
  'manager',
  { level: t.integer() },
  { table: 'managers' },
) {}

/** The blog with a table for every entity, and a session; only what is sent from now on is recorded. */
export function open(options?: SessionOptions): { db: RecordedConnection; session: Session } {
  const db = openBlog()
  registry.createAll(db)
  db.forget()
  return { db, session: new Session(db, options) }
}

/** Objects that were just loaded, and a recording that is empty. */
export function loaded<T>(db: RecordedConnection, object: T): T {
  db.forget()
  return object
}

/** What stands in a table, in the order of the keys. */
export const rowsOf = (db: RecordedConnection, columns: string, table: string): unknown[][] =>
  db.values(`SELECT ${columns} FROM ${table} ORDER BY 1`)
