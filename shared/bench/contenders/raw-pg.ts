import pg from 'pg'
import type { Contender, Named, Work } from '../contender.ts'
import type { NewAuthor } from '../data.ts'
import { everyAuthor, inSchema, insertPosts, insertsOf, tablesIn } from '../postgres-data.ts'

interface AuthorRow extends Named {
  id: number
  posts: PostRow[]
}

interface PostRow {
  author_id: number
}

const columns = 'id, name, email, age, active, bio, created_at'

/** One client of pg, giving its own plain objects: on PostgreSQL everything else is compared with it. */
export const rawPg = (server: string): Contender => ({
  name: 'raw pg',
  gives: 'plain rows',
  open: async () => {
    const client = await openFilled(server, 'bench_raw')
    return workOn(client)
  },
})

/** A client on a schema with the tables and their rows. */
export async function openFilled(server: string, schema: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: inSchema(server, schema) })
  await client.connect()
  await client.query(tablesIn(schema))
  for (const [sql, parameters] of insertsOf(everyAuthor())) await client.query(sql, parameters)
  await client.query(insertPosts)
  await client.query('ANALYZE')
  return client
}

/** Cleaning up: rows that are gone would make every later scan longer. */
export async function runAndClean(client: pg.Client, sql: string): Promise<void> {
  await client.query(sql)
  await client.query('VACUUM authors')
}

function workOn(client: pg.Client): Work {
  const rows = async <Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []) =>
    (await client.query<Row>(sql, parameters)).rows
  const first = (limit: number) =>
    rows<AuthorRow>(`SELECT ${columns} FROM authors ORDER BY id LIMIT $1`, [limit])

  async function inTransaction(work: () => Promise<void>): Promise<void> {
    await client.query('BEGIN')
    await work()
    await client.query('COMMIT')
  }

  return {
    find: async (id) =>
      (await rows<AuthorRow>(`SELECT ${columns} FROM authors WHERE id = $1`, [id]))[0],
    loadAll: () => rows<AuthorRow>(`SELECT ${columns} FROM authors`),
    list: (age) =>
      rows<AuthorRow>(
        `SELECT ${columns} FROM authors WHERE active = $1 AND age = $2 ORDER BY id LIMIT 20`,
        [true, age],
      ),
    insert: (authors: readonly NewAuthor[]) =>
      inTransaction(async () => {
        for (const [sql, parameters] of insertsOf(authors)) await client.query(sql, parameters)
      }),
    openForUpdate: async (limit) => {
      const authors = await first(limit)
      return (name) =>
        inTransaction(async () => {
          for (const { id } of authors)
            await client.query('UPDATE authors SET name = $1 WHERE id = $2', [name, id])
        })
    },
    eager: async (limit) => {
      const authors = await first(limit)
      const byId = new Map(authors.map((author) => [author.id, author]))
      for (const author of authors) author.posts = []
      const posts = 'SELECT id, title, author_id FROM posts WHERE author_id = ANY ($1)'
      for (const post of await rows<PostRow>(posts, [[...byId.keys()]]))
        byId.get(post.author_id)?.posts.push(post)
      return authors
    },
    run: (sql) => runAndClean(client, sql),
    close: () => client.end(),
  }
}
