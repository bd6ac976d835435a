import type Database from 'better-sqlite3'
import { and, asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { Contender, RemoteWork, Work } from '../contender.ts'
import type { NewAuthor } from '../data.ts'
import { onPostgres, onSqlite } from './drizzle-tables.ts'
import { openFilled } from './raw.ts'

/** As its guide begins: each query is built when it is sent. */
export const contender: Contender = {
  name: 'drizzle',
  gives: 'plain objects',
  converts: true,
  sqlite: async (seed) => workOnSqlite(openFilled(seed)),
  postgres: async (url) => workOnPostgres(url),
}

export const openSqlite = (client: Database.Database) => drizzle({ client, schema: onSqlite })

export const openPostgres = (url: string) =>
  drizzlePg({ client: new pg.Pool({ connectionString: url, max: 1 }), schema: onPostgres })

/** As many rows in one statement as is quick. */
export const chunks = (added: readonly NewAuthor[], size = 1000): NewAuthor[][] =>
  Array.from({ length: Math.ceil(added.length / size) }, (_, i) =>
    added.slice(i * size, (i + 1) * size),
  )

function workOnSqlite(client: Database.Database): Work {
  const db = openSqlite(client)
  const { authors, posts } = onSqlite

  return {
    find: (id) => db.select().from(authors).where(eq(authors.id, id)).get(),
    loadAll: () => db.select().from(authors).all(),
    list: (age) =>
      db
        .select()
        .from(authors)
        .where(and(eq(authors.active, true), eq(authors.age, age)))
        .orderBy(asc(authors.id))
        .limit(20)
        .all(),
    insert: (added) =>
      db.transaction((tx) => {
        for (const chunk of chunks(added)) tx.insert(authors).values(chunk).run()
      }),
    openForUpdate: (limit) => {
      const loaded = db.select().from(authors).orderBy(asc(authors.id)).limit(limit).all()
      return (name) =>
        db.transaction((tx) => {
          for (const { id } of loaded)
            tx.update(authors).set({ name }).where(eq(authors.id, id)).run()
        })
    },
    eager: (limit) =>
      db.query.authors.findMany({ with: { posts: true }, orderBy: asc(authors.id), limit }).sync(),
    manyToMany: (limit) =>
      db.query.posts
        .findMany({ with: { tags: { with: { tag: true } } }, orderBy: asc(posts.id), limit })
        .sync(),
    run: (statement) => client.exec(statement),
    close: () => client.close(),
  }
}

function workOnPostgres(url: string): RemoteWork {
  const db = openPostgres(url)
  const { authors, posts } = onPostgres

  return {
    find: async (id) => (await db.select().from(authors).where(eq(authors.id, id)))[0],
    loadAll: () => db.select().from(authors),
    list: (age) =>
      db
        .select()
        .from(authors)
        .where(and(eq(authors.active, true), eq(authors.age, age)))
        .orderBy(asc(authors.id))
        .limit(20),
    insert: (added) =>
      db.transaction(async (tx) => {
        for (const chunk of chunks(added)) await tx.insert(authors).values(chunk)
      }),
    openForUpdate: async (limit) => {
      const loaded = await db.select().from(authors).orderBy(asc(authors.id)).limit(limit)
      return (name) =>
        db.transaction(async (tx) => {
          for (const { id } of loaded)
            await tx.update(authors).set({ name }).where(eq(authors.id, id))
        })
    },
    eager: (limit) =>
      db.query.authors.findMany({ with: { posts: true }, orderBy: asc(authors.id), limit }),
    manyToMany: (limit) =>
      db.query.posts.findMany({
        with: { tags: { with: { tag: true } } },
        orderBy: asc(posts.id),
        limit,
      }),
    close: () => db.$client.end(),
  }
}
