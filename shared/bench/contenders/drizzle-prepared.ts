import type Database from 'better-sqlite3'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Contender, RemoteWork, Work } from '../contender.ts'
import { chunks, openPostgres, openSqlite } from './drizzle.ts'
import { onPostgres, onSqlite } from './drizzle-tables.ts'
import { openFilled } from './raw.ts'

/** With its prepared queries, which is its quickest way: each is built once. */
export const contender: Contender = {
  name: 'drizzle-prepared',
  gives: 'plain objects',
  converts: true,
  sqlite: async (seed) => workOnSqlite(openFilled(seed)),
  postgres: async (url) => workOnPostgres(url),
}

const { placeholder } = sql

function workOnSqlite(client: Database.Database): Work {
  const db = openSqlite(client)
  const { authors, posts } = onSqlite
  const find = db
    .select()
    .from(authors)
    .where(eq(authors.id, placeholder('id')))
    .prepare()
  const all = db.select().from(authors).prepare()
  const list = db
    .select()
    .from(authors)
    .where(and(eq(authors.active, true), eq(authors.age, placeholder('age'))))
    .orderBy(asc(authors.id))
    .limit(20)
    .prepare()
  const first = db
    .select()
    .from(authors)
    .orderBy(asc(authors.id))
    .limit(placeholder('limit'))
    .prepare()
  const rename = db
    .update(authors)
    .set({ name: sql`${placeholder('name')}` })
    .where(eq(authors.id, placeholder('id')))
    .prepare()
  const eager = db.query.authors
    .findMany({ with: { posts: true }, orderBy: asc(authors.id), limit: placeholder('limit') })
    .prepare()
  const tagged = db.query.posts
    .findMany({
      with: { tags: { with: { tag: true } } },
      orderBy: asc(posts.id),
      limit: placeholder('limit'),
    })
    .prepare()

  return {
    find: (id) => find.get({ id }),
    loadAll: () => all.all(),
    list: (age) => list.all({ age }),
    insert: (added) =>
      db.transaction((tx) => {
        for (const chunk of chunks(added)) tx.insert(authors).values(chunk).run()
      }),
    openForUpdate: (limit) => {
      const loaded = first.all({ limit })
      return (name) =>
        db.transaction(() => {
          for (const { id } of loaded) rename.run({ name, id })
        })
    },
    eager: (limit) => eager.execute({ limit }).sync(),
    manyToMany: (limit) => tagged.execute({ limit }).sync(),
    run: (statement) => client.exec(statement),
    close: () => client.close(),
  }
}

/** There a prepared query has a name, under which the server keeps its plan. */
function workOnPostgres(url: string): RemoteWork {
  const db = openPostgres(url)
  const { authors, posts } = onPostgres
  const find = db
    .select()
    .from(authors)
    .where(eq(authors.id, placeholder('id')))
    .prepare('find')
  const all = db.select().from(authors).prepare('all')
  const list = db
    .select()
    .from(authors)
    .where(and(eq(authors.active, true), eq(authors.age, placeholder('age'))))
    .orderBy(asc(authors.id))
    .limit(20)
    .prepare('list')
  const first = db
    .select()
    .from(authors)
    .orderBy(asc(authors.id))
    .limit(placeholder('limit'))
    .prepare('first')
  const eager = db.query.authors
    .findMany({ with: { posts: true }, orderBy: asc(authors.id), limit: placeholder('limit') })
    .prepare('eager')
  const tagged = db.query.posts
    .findMany({
      with: { tags: { with: { tag: true } } },
      orderBy: asc(posts.id),
      limit: placeholder('limit'),
    })
    .prepare('tagged')

  return {
    find: async (id) => (await find.execute({ id }))[0],
    loadAll: () => all.execute(),
    list: (age) => list.execute({ age }),
    insert: (added) =>
      db.transaction(async (tx) => {
        for (const chunk of chunks(added)) await tx.insert(authors).values(chunk)
      }),
    openForUpdate: async (limit) => {
      const loaded = await first.execute({ limit })
      return (name) =>
        db.transaction(async (tx) => {
          // A prepared query belongs to the connection that it was made on: the transaction's.
          const rename = tx
            .update(authors)
            .set({ name: sql`${placeholder('name')}` })
            .where(eq(authors.id, placeholder('id')))
            .prepare('rename')
          for (const { id } of loaded) await rename.execute({ name, id })
        })
    },
    eager: (limit) => eager.execute({ limit }),
    manyToMany: (limit) => tagged.execute({ limit }),
    close: () => db.$client.end(),
  }
}
