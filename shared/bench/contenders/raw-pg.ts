import pg from 'pg'
import type { Contender, Named, RemoteWork } from '../contender.ts'
import type { NewAuthor } from '../data.ts'

interface AuthorRow extends Named {
  id: number
  posts: PostRow[]
}

interface PostRow {
  title: string
  author_id: number
}

interface TaggedRow {
  id: number
  tags: TagRow[]
}

interface TagRow extends Named {
  post_id: number
}

const columns = 'id, name, email, age, active, bio, created_at'

/** One client of pg, giving its own plain objects: on PostgreSQL everything else is compared with it. */
export const rawPg: Pick<Contender, 'name' | 'gives'> & {
  postgres(url: string): Promise<RemoteWork>
} = {
  name: 'raw',
  gives: 'plain rows',
  postgres: async (url) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return workOn(client)
  },
}

/** Many rows, each with its own value, in one statement. */
const renameAll = `UPDATE authors SET name = renamed.name
  FROM unnest($1::int[], $2::text[]) AS renamed (id, name) WHERE authors.id = renamed.id`

function workOn(client: pg.Client): RemoteWork {
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
          await client.query(renameAll, [authors.map(({ id }) => id), authors.map(() => name)])
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
    manyToMany: async (limit) => {
      const sql = 'SELECT id, title, author_id FROM posts ORDER BY id LIMIT $1'
      const posts = await rows<TaggedRow>(sql, [limit])
      const byId = new Map(posts.map((post) => [post.id, post]))
      for (const post of posts) post.tags = []
      const tags = `SELECT tags.id, tags.name, posts_tags.post_id
        FROM tags JOIN posts_tags ON posts_tags.tag_id = tags.id WHERE posts_tags.post_id = ANY ($1)`
      for (const tag of await rows<TagRow>(tags, [[...byId.keys()]]))
        byId.get(tag.post_id)?.tags.push(tag)
      return posts
    },
    close: () => client.end(),
  }
}

/** As few statements as there can be: each takes 65,535 parameters at most. */
function insertsOf(authors: readonly NewAuthor[]): [sql: string, parameters: unknown[]][] {
  const room = Math.floor(65_535 / inserted.length)
  return Array.from({ length: Math.ceil(authors.length / room) }, (_, i) =>
    insertOf(authors.slice(i * room, (i + 1) * room)),
  )
}

const inserted = ['name', 'email', 'age', 'active', 'bio', 'created_at'] as const

function insertOf(authors: readonly NewAuthor[]): [sql: string, parameters: unknown[]] {
  const marks = (row: number) =>
    inserted.map((_, place) => `$${row * inserted.length + place + 1}`).join(', ')
  const rows = authors.map((_, row) => `(${marks(row)})`)
  const cells = authors.flatMap(({ name, email, age, active, bio, createdAt }) => [
    name,
    email,
    age,
    active,
    bio,
    createdAt,
  ])
  return [`INSERT INTO authors (${inserted.join(', ')}) VALUES ${rows.join(', ')}`, cells]
}
