import type Database from 'better-sqlite3'
import knexModule, { type Knex } from 'knex'
import type { Contender, RemoteWork } from '../contender.ts'
import type { NewAuthor } from '../data.ts'
import { textRow, typedRow } from './kysely.ts'
import { fill } from './raw.ts'

interface AuthorRow {
  id: number
  name: string
  posts: PostRow[]
}

interface PostRow {
  id: number
  title: string
  author_id: number
}

interface TagRow {
  name: string
  post_id: number
}

interface Words {
  readonly yes: number | boolean
  /** How many rows go into one INSERT. */
  readonly chunk: number
  row(author: NewAuthor): object
}

/** The query builder that Objection stands on: it gives rows. */
export const contender: Contender = {
  name: 'knex',
  gives: 'plain rows',
  converts: false,
  sqlite: async (seed) => {
    const db = sqliteKnex(seed)
    // SQLite puts no more than 500 SELECTs together, which is what Knex makes of many rows.
    return { ...workOn(db, { yes: 1, chunk: 500, row: textRow }), run: (sql) => db.raw(sql) }
  },
  postgres: async (url) => workOn(postgresKnex(url), { yes: true, chunk: 10_000, row: typedRow }),
}

export const sqliteKnex = (seed: readonly string[]): Knex =>
  knexModule.knex({
    client: 'better-sqlite3',
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (database: Database.Database, done: () => void) => {
        fill(database, seed)
        done()
      },
    },
  })

export const postgresKnex = (url: string): Knex =>
  knexModule.knex({ client: 'pg', connection: url, pool: { min: 1, max: 1 } })

function workOn(db: Knex, { yes, chunk, row }: Words): RemoteWork {
  const first = (limit: number) => db<AuthorRow>('authors').orderBy('id').limit(limit)

  return {
    find: (id) => db('authors').where({ id }).first() as never,
    loadAll: () => db<AuthorRow>('authors') as never,
    list: (age) => db('authors').where({ active: yes, age }).orderBy('id').limit(20) as never,
    insert: (added) => db.batchInsert('authors', added.map(row), chunk),
    openForUpdate: async (limit) => {
      const loaded = await first(limit)
      return (name) =>
        db.transaction(async (tx) => {
          for (const { id } of loaded) await tx('authors').where({ id }).update({ name })
        })
    },
    eager: async (limit) => {
      const loaded = (await first(limit)) as AuthorRow[]
      const byId = new Map(loaded.map((author) => [author.id, author]))
      for (const author of loaded) author.posts = []
      const posts: PostRow[] = await db('posts').whereIn('author_id', [...byId.keys()])
      for (const post of posts) byId.get(post.author_id)?.posts.push(post)
      return loaded
    },
    manyToMany: async (limit) => {
      const posts: PostRow[] = await db('posts').orderBy('id').limit(limit)
      const loaded = posts.map((post) => ({ ...post, tags: [] as TagRow[] }))
      const byId = new Map(loaded.map((post) => [post.id, post]))
      const tags: TagRow[] = await db('tags')
        .join('posts_tags', 'posts_tags.tag_id', 'tags.id')
        .whereIn('posts_tags.post_id', [...byId.keys()])
        .select('tags.id', 'tags.name', 'posts_tags.post_id')
      for (const tag of tags) byId.get(tag.post_id)?.tags.push(tag)
      return loaded
    },
    close: () => db.destroy(),
  }
}
