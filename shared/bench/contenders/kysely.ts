import { type Generated, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import type { Contender, RemoteWork } from '../contender.ts'
import { cellsOf, type NewAuthor } from '../data.ts'
import { openFilled } from './raw.ts'

/** What the database gives is what one has: numbers and text on SQLite, booleans and Dates on PostgreSQL. */
interface Tables {
  authors: {
    id: Generated<number>
    name: string
    email: string
    age: number | null
    active: number | boolean
    bio: string | null
    created_at: string | Date
  }
  posts: { id: Generated<number>; title: string; author_id: number }
  tags: { id: Generated<number>; name: string }
  posts_tags: { post_id: number; tag_id: number }
}

interface Words {
  readonly yes: number | boolean
  /** How many rows go into one INSERT: as many as its parameters allow. */
  readonly chunk: number
  row(author: NewAuthor): Omit<Tables['authors'], 'id'>
}

/** A query builder and no ORM: it gives rows, and remembers nothing of them. */
export const contender: Contender = {
  name: 'kysely',
  gives: 'plain rows',
  converts: false,
  sqlite: async (seed) => {
    const database = openFilled(seed)
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
    return {
      ...workOn(db, { yes: 1, chunk: 1000, row: textRow }),
      run: (sql) => database.exec(sql),
    }
  },
  postgres: async (url) => {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    return workOn(db, { yes: true, chunk: 10_000, row: typedRow })
  },
}

export function textRow(author: NewAuthor) {
  const [name, email, age, active, bio, created_at] = cellsOf(author)
  return { name, email, age, active, bio, created_at }
}

export function typedRow({ name, email, age, active, bio, createdAt }: NewAuthor) {
  return { name, email, age, active, bio, created_at: createdAt }
}

function workOn(db: Kysely<Tables>, { yes, chunk, row }: Words): RemoteWork {
  const authors = () => db.selectFrom('authors').selectAll()
  const first = (limit: number) => authors().orderBy('id').limit(limit).execute()

  return {
    find: (id) => authors().where('id', '=', id).executeTakeFirst(),
    loadAll: () => authors().execute(),
    list: (age) =>
      authors().where('active', '=', yes).where('age', '=', age).orderBy('id').limit(20).execute(),
    insert: (added) =>
      db.transaction().execute(async (tx) => {
        const rows = added.map(row)
        for (let i = 0; i < rows.length; i += chunk)
          await tx
            .insertInto('authors')
            .values(rows.slice(i, i + chunk))
            .execute()
      }),
    openForUpdate: async (limit) => {
      const loaded = await first(limit)
      return (name) =>
        db.transaction().execute(async (tx) => {
          for (const { id } of loaded)
            await tx.updateTable('authors').set({ name }).where('id', '=', id).execute()
        })
    },
    eager: async (limit) => {
      const loaded = (await first(limit)).map((author) => ({
        ...author,
        posts: [] as { title: string }[],
      }))
      const byId = new Map(loaded.map((author) => [author.id, author]))
      const posts = await db
        .selectFrom('posts')
        .selectAll()
        .where('author_id', 'in', [...byId.keys()])
        .execute()
      for (const post of posts) byId.get(post.author_id)?.posts.push(post)
      return loaded
    },
    manyToMany: async (limit) => {
      const posts = await db.selectFrom('posts').selectAll().orderBy('id').limit(limit).execute()
      const loaded = posts.map((post) => ({ ...post, tags: [] as { name: string }[] }))
      const byId = new Map(loaded.map((post) => [post.id, post]))
      const tags = await db
        .selectFrom('tags')
        .innerJoin('posts_tags', 'posts_tags.tag_id', 'tags.id')
        .select(['tags.id', 'tags.name', 'posts_tags.post_id'])
        .where('posts_tags.post_id', 'in', [...byId.keys()])
        .execute()
      for (const tag of tags) byId.get(tag.post_id)?.tags.push(tag)
      return loaded
    },
    close: () => db.destroy(),
  }
}
