import { belongsTo, entity, hasMany, manyToMany, t } from '#stage/10-blog-app'
import type { Entity } from './subject.ts'

// The tables of the cases, as the ORM of the workbook declares them.

class Author extends entity('authors', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().nullable().unique(),
  nickname: t.text().nullable(),
  status: t.text().defaultSql("'new'"),
  favouriteId: t
    .integer()
    .nullable()
    .references(() => Post.c.id),
  favourite: () => belongsTo(Post, { foreignKey: 'favouriteId' }).nullable(),
  posts: () => hasMany(Post, { foreignKey: 'authorId' }),
}) {}

class Post extends entity('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  authorId: t
    .integer()
    .nullable()
    .references(() => Author.c.id),
  author: () => belongsTo(Author, { foreignKey: 'authorId' }).nullable(),
  comments: () => hasMany(Comment),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {}

class Comment extends entity('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  postId: t
    .integer()
    .nullable()
    .references(() => Post.c.id),
  parentId: t
    .integer()
    .nullable()
    .references(() => Comment.c.id),
  parent: () => belongsTo(Comment, { foreignKey: 'parentId' }).nullable(),
}) {}

class Tag extends entity('tags', {
  id: t.integer().primaryKey(),
  name: t.text(),
}) {}

class PostTag extends entity('posts_tags', {
  postId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Post.c.id),
  tagId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Tag.c.id),
}) {}

class Seat extends entity('seats', {
  aisle: t.integer().primaryKey({ generated: false }),
  number: t.integer().primaryKey({ generated: false }),
  guest: t.text().nullable(),
}) {}

class Account extends entity('accounts', {
  id: t.bigint().primaryKey({ generated: false }),
  label: t.text().nullable(),
  entries: () => hasMany(Entry),
}) {}

class Entry extends entity('entries', {
  id: t.integer().primaryKey(),
  accountId: t.bigint().references(() => Account.c.id),
  label: t.text().nullable(),
}) {}

class Document extends entity('documents', {
  id: t.integer().primaryKey(),
  title: t.text(),
  version: t.integer().version(),
}) {}

class Sample extends entity('samples', {
  id: t.integer().primaryKey(),
  big: t.bigint().nullable(),
  fraction: t.real().nullable(),
  flag: t.boolean().nullable(),
  at: t.timestamp().nullable(),
  data: t.json<unknown>().nullable(),
  bytes: t.blob().nullable(),
  text: t.text().nullable(),
}) {}

class Word extends entity('order', {
  id: t.integer().primaryKey(),
  group: t.text().nullable(),
  'quo"te': t.text().nullable().named('quo"te'),
}) {}

/** The cases know names only, so the types of the declarations do not reach them. */
export const models: Readonly<Record<Entity, any>> = {
  authors: Author,
  posts: Post,
  comments: Comment,
  tags: Tag,
  seats: Seat,
  accounts: Account,
  entries: Entry,
  documents: Document,
  samples: Sample,
  order: Word,
}
