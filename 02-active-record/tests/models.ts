import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { openBlog } from '#shared/testing/open-blog'
import { connect, Model, Registry, registry, t } from '#stage/02-active-record'

/** Alice, Bob and Carol stand in the table already. */
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

export class Tag extends Model('tags', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
}) {}

/** Two columns are the key. */
export class PostTag extends Model('posts_tags', {
  postId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Post.c.id, { onDelete: 'cascade' }),
  tagId: t.integer().primaryKey({ generated: false }),
}) {}

export interface Settings {
  readonly theme: string
  readonly sizes?: readonly number[]
}

/** One column of every type. Not of the blog: `open` creates its table. */
export class Sample extends Model('samples', {
  id: t.integer().primaryKey(),
  views: t.bigint().nullable(),
  ratio: t.real().nullable(),
  flag: t.boolean().nullable(),
  takenAt: t.timestamp().nullable(),
  settings: t.json<Settings>().nullable(),
  level: t.enum('low', 'high').nullable(),
  photo: t.blob().nullable(),
}) {}

/** Names that SQL keeps for itself, and names that try to end their own quotes. */
export class Order extends Model('order', {
  id: t.integer().primaryKey(),
  group: t.text(),
  'say "hi"': t.text().nullable(),
}) {}

/** The blog with a table for every model; only what is sent from now on is recorded. */
export function open(): RecordedConnection {
  const db = openBlog()
  connect(db)
  registry.createAll(db)
  db.forget()
  return db
}

/** An empty database of its own for one model. */
export function declareNote() {
  const models = new Registry()
  class Note extends Model(
    'notes',
    { id: t.integer().primaryKey(), text: t.text() },
    { registry: models },
  ) {}
  return { Note, models }
}

export function openEmpty(models: Registry): RecordedConnection {
  const db = record(openSqlite())
  connect(db, models)
  models.createAll(db)
  db.forget()
  return db
}
