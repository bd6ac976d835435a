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
} from '#stage/05-identity-map'

// The blog: Alice, Bob and Carol stand in the tables already.

export class User extends entity('users', {
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

export class Comment extends entity('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  postId: t.integer().references(() => Post.c.id, { onDelete: 'cascade' }),
  userId: t
    .integer()
    .nullable()
    .references(() => User.c.id, { onDelete: 'set null' }),
  post: () => belongsTo(Post),
  author: () => belongsTo(User).nullable(),
}) {}

export class Tag extends entity('tags', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
  posts: () => manyToMany(Post, { through: () => PostTag }),
}) {}

/** Two columns are the key. */
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

/** A key that is text. */
export class Country extends entity('countries', {
  code: t.text().primaryKey({ generated: false }),
  name: t.text(),
}) {}

/** A key of 64 bits. */
export class Star extends entity('stars', {
  id: t.bigint().primaryKey({ generated: false }),
  name: t.text(),
}) {}

// Employees and customers keep their columns in the table of all people, managers in one of their own,
// and a director is a manager whose column stands with those of the managers. The rows call a customer a client.

export class Person extends entity('people', {
  id: t.integer().primaryKey(),
  type: t.text().discriminator(() => [Employee, Customer, Manager, Director], 'person'),
  name: t.text(),
  tasks: () => hasMany(Task),
}) {
  introduce() {
    return `I am ${this.name}`
  }
}

export class Employee extends inherit(Person, 'employee', { salary: t.integer() }) {
  raise(amount: number) {
    this.salary += amount
  }
}

export class Customer extends inherit(Person, 'client', { credit: t.integer() }) {}

export class Manager extends inherit(
  Person,
  'manager',
  { level: t.integer() },
  { table: 'managers' },
) {
  override introduce() {
    return `${super.introduce()}, level ${this.level}`
  }
}

export class Director extends inherit(Manager, 'director', { office: t.text() }) {}

/** Points to a person of any class. */
export class Task extends entity('tasks', {
  id: t.integer().primaryKey(),
  title: t.text(),
  personId: t.integer().references(() => Person.c.id),
  person: () => belongsTo(Person),
}) {}

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
