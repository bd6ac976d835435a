import { type Generated, Kysely, SqliteDialect } from 'kysely'
import type { Contender, Work } from '../contender.ts'
import { cellsOf } from '../data.ts'
import { openFilled } from './raw.ts'

interface Tables {
  authors: {
    id: Generated<number>
    name: string
    email: string
    age: number | null
    active: number
    bio: string | null
    created_at: string
  }
  posts: { id: Generated<number>; title: string; author_id: number }
}

/** A query builder and no ORM: it gives rows, and remembers nothing of them. */
export const contender: Contender = {
  name: 'kysely (no ORM)',
  gives: 'plain rows',
  open: async () => {
    const database = openFilled()
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
    return workOn(db, (sql) => database.exec(sql))
  },
}

function workOn(db: Kysely<Tables>, run: Work['run']): Work {
  const authors = () => db.selectFrom('authors').selectAll()
  const first = (limit: number) => authors().orderBy('id').limit(limit).execute()

  return {
    find: (id) => authors().where('id', '=', id).executeTakeFirst(),
    loadAll: () => authors().execute(),
    list: (age) =>
      authors().where('active', '=', 1).where('age', '=', age).orderBy('id').limit(20).execute(),
    insert: (added) =>
      db.transaction().execute(async (tx) => {
        const rows = added.map((author) => {
          const [name, email, age, active, bio, created_at] = cellsOf(author)
          return { name, email, age, active, bio, created_at }
        })
        // As many rows in one statement as its parameters allow.
        for (let i = 0; i < rows.length; i += 1000)
          await tx
            .insertInto('authors')
            .values(rows.slice(i, i + 1000))
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
      const loaded = (await first(limit)).map((author) => ({ ...author, posts: [] as object[] }))
      const byId = new Map(loaded.map((author) => [author.id, author]))
      const posts = await db
        .selectFrom('posts')
        .selectAll()
        .where('author_id', 'in', [...byId.keys()])
        .execute()
      for (const post of posts) byId.get(post.author_id)?.posts.push(post)
      return loaded
    },
    run,
    close: () => db.destroy(),
  }
}
