import { relations } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { customType, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

const isoDate = customType<{ data: Date; driverData: string }>({
  dataType: () => 'text',
  toDriver: (date) => date.toISOString(),
  fromDriver: (text) => new Date(text),
})

const authors = sqliteTable('authors', {
  id: integer().primaryKey(),
  name: text().notNull(),
  email: text().notNull(),
  age: integer(),
  active: integer({ mode: 'boolean' }).notNull(),
  bio: text(),
  createdAt: isoDate('created_at').notNull(),
})
const posts = sqliteTable('posts', {
  id: integer().primaryKey(),
  title: text().notNull(),
  authorId: integer('author_id').notNull(),
})
const tags = sqliteTable('tags', { id: integer().primaryKey(), name: text().notNull() })
const postsTags = sqliteTable(
  'posts_tags',
  { postId: integer('post_id').notNull(), tagId: integer('tag_id').notNull() },
  (table) => [primaryKey({ columns: [table.postId, table.tagId] })],
)

/** The tables on SQLite. */
export const onSqlite = {
  authors,
  posts,
  tags,
  postsTags,
  authorsRelations: relations(authors, ({ many }) => ({ posts: many(posts) })),
  postsRelations: relations(posts, ({ one, many }) => ({
    author: one(authors, { fields: [posts.authorId], references: [authors.id] }),
    tags: many(postsTags),
  })),
  postsTagsRelations: relations(postsTags, ({ one }) => ({
    post: one(posts, { fields: [postsTags.postId], references: [posts.id] }),
    tag: one(tags, { fields: [postsTags.tagId], references: [tags.id] }),
  })),
}

const pgAuthors = pg.pgTable('authors', {
  id: pg.integer().generatedByDefaultAsIdentity().primaryKey(),
  name: pg.text().notNull(),
  email: pg.text().notNull(),
  age: pg.integer(),
  active: pg.boolean().notNull(),
  bio: pg.text(),
  createdAt: pg.timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
})
const pgPosts = pg.pgTable('posts', {
  id: pg.integer().generatedByDefaultAsIdentity().primaryKey(),
  title: pg.text().notNull(),
  authorId: pg.integer('author_id').notNull(),
})
const pgTags = pg.pgTable('tags', {
  id: pg.integer().generatedByDefaultAsIdentity().primaryKey(),
  name: pg.text().notNull(),
})
const pgPostsTags = pg.pgTable(
  'posts_tags',
  { postId: pg.integer('post_id').notNull(), tagId: pg.integer('tag_id').notNull() },
  (table) => [pg.primaryKey({ columns: [table.postId, table.tagId] })],
)

/** The same on PostgreSQL: Drizzle has a language for each database. */
export const onPostgres = {
  authors: pgAuthors,
  posts: pgPosts,
  tags: pgTags,
  postsTags: pgPostsTags,
  authorsRelations: relations(pgAuthors, ({ many }) => ({ posts: many(pgPosts) })),
  postsRelations: relations(pgPosts, ({ one, many }) => ({
    author: one(pgAuthors, { fields: [pgPosts.authorId], references: [pgAuthors.id] }),
    tags: many(pgPostsTags),
  })),
  postsTagsRelations: relations(pgPostsTags, ({ one }) => ({
    post: one(pgPosts, { fields: [pgPostsTags.postId], references: [pgPosts.id] }),
    tag: one(pgTags, { fields: [pgPostsTags.tagId], references: [pgTags.id] }),
  })),
}
