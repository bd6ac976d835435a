import type Database from 'better-sqlite3'
import { and, asc, eq, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Contender, Work } from '../contender.ts'
import { openFilled } from './raw.ts'

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
const schema = {
  authors,
  posts,
  authorsRelations: relations(authors, ({ many }) => ({ posts: many(posts) })),
  postsRelations: relations(posts, ({ one }) => ({
    author: one(authors, { fields: [posts.authorId], references: [authors.id] }),
  })),
}

/** With its prepared queries, which is its quickest way. */
export const contender: Contender = {
  name: 'drizzle, prepared',
  gives: 'plain objects',
  open: async () => workOn(openFilled()),
}

function workOn(client: Database.Database): Work {
  const db = drizzle({ client, schema })
  const find = db
    .select()
    .from(authors)
    .where(eq(authors.id, sql.placeholder('id')))
    .prepare()
  const all = db.select().from(authors).prepare()
  const list = db
    .select()
    .from(authors)
    .where(and(eq(authors.active, true), eq(authors.age, sql.placeholder('age'))))
    .orderBy(asc(authors.id))
    .limit(20)
    .prepare()
  const first = db
    .select()
    .from(authors)
    .orderBy(asc(authors.id))
    .limit(sql.placeholder('limit'))
    .prepare()
  const rename = db
    .update(authors)
    .set({ name: sql`${sql.placeholder('name')}` })
    .where(eq(authors.id, sql.placeholder('id')))
    .prepare()
  const eager = db.query.authors
    .findMany({
      with: { posts: true },
      orderBy: asc(authors.id),
      limit: sql.placeholder('limit'),
    })
    .prepare()

  return {
    find: (id) => find.get({ id }),
    loadAll: () => all.all(),
    list: (age) => list.all({ age }),
    insert: (added) =>
      db.transaction((tx) => {
        // As many rows in one statement as its parameters allow.
        for (let i = 0; i < added.length; i += 1000)
          tx.insert(authors)
            .values(added.slice(i, i + 1000))
            .run()
      }),
    openForUpdate: (limit) => {
      const loaded = first.all({ limit })
      return (name) =>
        db.transaction(() => {
          for (const { id } of loaded) rename.run({ name, id })
        })
    },
    eager: (limit) => eager.execute({ limit }).sync(),
    run: (statement) => client.exec(statement),
    close: () => client.close(),
  }
}
