import Database from 'better-sqlite3'
import { and, asc, eq, inArray, ne, notInArray, relations } from 'drizzle-orm'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import * as p from 'drizzle-orm/pg-core'
import * as s from 'drizzle-orm/sqlite-core'
import pg from 'pg'
import type { Entity, Inner, Key, Subject, Values } from '../../workbook/conformance/subject.ts'
import { type Address, both, type Peer } from './peer.ts'
import { byKey } from './rows.ts'

/** Tables as values, queries, and eager loading; no objects that are saved. */
export const peer: Peer = {
  packages: ['drizzle-orm'],
  databases: both,
  open: async (where) => (where.database === 'sqlite' ? onSqlite(where) : onPostgres(where)),
}

const sqliteId = () => s.integer().primaryKey()

const sqliteTables = {
  authors: s.sqliteTable('authors', {
    id: sqliteId(),
    name: s.text().notNull(),
    email: s.text().unique(),
    nickname: s.text(),
    status: s.text().notNull().default('new'),
    favouriteId: s.integer('favourite_id'),
  }),
  posts: s.sqliteTable('posts', {
    id: sqliteId(),
    title: s.text().notNull(),
    authorId: s.integer('author_id'),
  }),
  comments: s.sqliteTable('comments', {
    id: sqliteId(),
    body: s.text().notNull(),
    postId: s.integer('post_id'),
    parentId: s.integer('parent_id'),
  }),
  tags: s.sqliteTable('tags', { id: sqliteId(), name: s.text().notNull() }),
  postsTags: s.sqliteTable('posts_tags', {
    postId: s.integer('post_id').notNull(),
    tagId: s.integer('tag_id').notNull(),
  }),
  seats: s.sqliteTable(
    'seats',
    { aisle: s.integer().notNull(), number: s.integer().notNull(), guest: s.text() },
    (table) => [s.primaryKey({ columns: [table.aisle, table.number] })],
  ),
  accounts: s.sqliteTable('accounts', { id: sqliteId(), label: s.text() }),
  entries: s.sqliteTable('entries', {
    id: sqliteId(),
    accountId: s.integer('account_id').notNull(),
    label: s.text(),
  }),
  documents: s.sqliteTable('documents', {
    id: sqliteId(),
    title: s.text().notNull(),
    version: s.integer().notNull().default(1),
  }),
  samples: s.sqliteTable('samples', {
    id: sqliteId(),
    big: s.integer(),
    fraction: s.real(),
    flag: s.integer({ mode: 'boolean' }),
    at: s.integer({ mode: 'timestamp_ms' }),
    data: s.text({ mode: 'json' }),
    bytes: s.blob({ mode: 'buffer' }),
    text: s.text(),
  }),
  order: s.sqliteTable('order', { id: sqliteId(), group: s.text(), 'quo"te': s.text() }),
}

const postgresId = () => p.integer().primaryKey().generatedByDefaultAsIdentity()

const bytea = p.customType<{ data: Buffer }>({ dataType: () => 'bytea' })

const postgresTables = {
  authors: p.pgTable('authors', {
    id: postgresId(),
    name: p.text().notNull(),
    email: p.text().unique(),
    nickname: p.text(),
    status: p.text().notNull().default('new'),
    favouriteId: p.integer('favourite_id'),
  }),
  posts: p.pgTable('posts', {
    id: postgresId(),
    title: p.text().notNull(),
    authorId: p.integer('author_id'),
  }),
  comments: p.pgTable('comments', {
    id: postgresId(),
    body: p.text().notNull(),
    postId: p.integer('post_id'),
    parentId: p.integer('parent_id'),
  }),
  tags: p.pgTable('tags', { id: postgresId(), name: p.text().notNull() }),
  postsTags: p.pgTable('posts_tags', {
    postId: p.integer('post_id').notNull(),
    tagId: p.integer('tag_id').notNull(),
  }),
  seats: p.pgTable(
    'seats',
    { aisle: p.integer().notNull(), number: p.integer().notNull(), guest: p.text() },
    (table) => [p.primaryKey({ columns: [table.aisle, table.number] })],
  ),
  accounts: p.pgTable('accounts', {
    id: p.bigint({ mode: 'bigint' }).primaryKey(),
    label: p.text(),
  }),
  entries: p.pgTable('entries', {
    id: postgresId(),
    accountId: p.bigint('account_id', { mode: 'bigint' }).notNull(),
    label: p.text(),
  }),
  documents: p.pgTable('documents', {
    id: postgresId(),
    title: p.text().notNull(),
    version: p.integer().notNull().default(1),
  }),
  samples: p.pgTable('samples', {
    id: postgresId(),
    big: p.bigint({ mode: 'bigint' }),
    fraction: p.doublePrecision(),
    flag: p.boolean(),
    at: p.timestamp({ withTimezone: true }),
    data: p.jsonb(),
    bytes: bytea(),
    text: p.text(),
  }),
  order: p.pgTable('order', { id: postgresId(), group: p.text(), 'quo"te': p.text() }),
}

const relationsOf = (tables: any) => ({
  authorsRelations: relations(tables.authors, ({ many }) => ({ posts: many(tables.posts) })),
  postsRelations: relations(tables.posts, ({ one, many }) => ({
    author: one(tables.authors, {
      fields: [tables.posts.authorId],
      references: [tables.authors.id],
    }),
    comments: many(tables.comments),
    postsTags: many(tables.postsTags),
  })),
  commentsRelations: relations(tables.comments, ({ one }) => ({
    post: one(tables.posts, { fields: [tables.comments.postId], references: [tables.posts.id] }),
  })),
  postsTagsRelations: relations(tables.postsTags, ({ one }) => ({
    post: one(tables.posts, { fields: [tables.postsTags.postId], references: [tables.posts.id] }),
    tag: one(tables.tags, { fields: [tables.postsTags.tagId], references: [tables.tags.id] }),
  })),
  accountsRelations: relations(tables.accounts, ({ many }) => ({ entries: many(tables.entries) })),
  entriesRelations: relations(tables.entries, ({ one }) => ({
    account: one(tables.accounts, {
      fields: [tables.entries.accountId],
      references: [tables.accounts.id],
    }),
  })),
})

/** On SQLite its whole numbers are numbers, so a key is one, too. */
function onSqlite({ address }: Address): Subject {
  const client = new Database(address)
  const schema = { ...sqliteTables, ...relationsOf(sqliteTables) }
  const db = drizzleSqlite({ client, schema })
  const close = async () => void client.close()
  return subjectOn(db, sqliteTables, close)
}

function onPostgres({ address }: Address): Subject {
  const client = new pg.Pool({ connectionString: address })
  const schema = { ...postgresTables, ...relationsOf(postgresTables) }
  return subjectOn(drizzlePostgres({ client, schema }), postgresTables, () => client.end())
}

function subjectOn(db: any, tables: any, close: () => Promise<void>): Subject {
  return {
    ...verbsOn(db, tables),
    converts: ['booleans', 'dates', 'json'],
    load: async (entity, wanted, limit) => {
      // Many to many goes through the table between the two.
      const names = wanted.map((name) =>
        name === 'tags' ? ['postsTags', { with: { tag: true } }] : [name, true],
      )
      const found = await db.query[entity].findMany({
        with: Object.fromEntries(names),
        orderBy: asc(tables[entity].id),
        ...(limit !== undefined && { limit }),
      })
      return found.map((one: any) => ({ ...one, tags: one.postsTags }))
    },
    transaction: (work) => transactionOn(db, tables, work),
    close,
  }
}

const transactionOn = (db: any, tables: any, work: (inner: Inner) => Promise<any>): Promise<any> =>
  db.transaction((tx: any) => {
    const inner = {
      ...verbsOn(tx, tables),
      transaction: (more: any) => transactionOn(tx, tables, more),
    }
    const result = work(inner)
    // On SQLite a function that awaits is refused. What it does afterwards is nobody's to hear of.
    result.catch(() => {})
    return result
  })

function verbsOn(db: any, tables: any): Inner {
  const equal = (entity: Entity, filter: Values) =>
    and(...Object.entries(filter).map(([name, value]) => eq(tables[entity][name], value)))
  const withKey = (entity: Entity, key: Key) => equal(entity, byKey(key))
  const select = (entity: Entity) => db.select().from(tables[entity])

  return {
    create: async (entity, values) =>
      (await db.insert(tables[entity]).values(values).returning())[0],
    createMany: async (entity, many) => await db.insert(tables[entity]).values(many).returning(),
    find: async (entity, key) => (await select(entity).where(withKey(entity, key)))[0],
    where: async (entity, filter) => await select(entity).where(equal(entity, filter)),
    whereNot: async (entity, property, value) =>
      await select(entity).where(ne(tables[entity][property], value)),
    whereIn: async (entity, property, values) =>
      await select(entity).where(inArray(tables[entity][property], values as unknown[])),
    whereNotIn: async (entity, property, values) =>
      await select(entity).where(notInArray(tables[entity][property], values as unknown[])),
    skip: async (entity, count) =>
      await select(entity).orderBy(asc(tables[entity].id)).offset(count),
    count: async (entity) => await db.$count(tables[entity]),
    update: async (entity, key, values) => {
      await db.update(tables[entity]).set(values).where(withKey(entity, key))
    },
    remove: async (entity, key) => {
      await db.delete(tables[entity]).where(withKey(entity, key))
    },
    removeWhere: async (entity, filter) => {
      await db.delete(tables[entity]).where(equal(entity, filter))
    },
  }
}
