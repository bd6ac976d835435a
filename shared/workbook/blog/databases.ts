import { randomBytes } from 'node:crypto'
import { type PostgresServer, startPostgres } from '#shared/driver/embedded-postgres'
import { openPostgres } from '#shared/driver/postgres'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { type Client, openBlog } from '../../../10-blog-app/tests/client.ts'

// The modules of each test file are new; the server is the same for all files, and ends with the process.

const place = globalThis as { [server]?: Promise<PostgresServer> }
const server: unique symbol = Symbol.for('orm-workbook.postgres') as never

/** An empty place on a PostgreSQL server. */
export interface Schema {
  readonly url: string
  drop(): Promise<void>
}

/** A schema that nobody else uses: a server that `DATABASE_URL` names keeps what it has. */
export async function emptySchema(): Promise<Schema> {
  place[server] ??= startPostgres()
  const url = new URL((await place[server]).url)
  const name = `orm_workbook_${randomBytes(6).toString('hex')}`
  const outside = openPostgres(url.href)
  await outside.run(`CREATE SCHEMA ${name}`)
  url.searchParams.set('options', `-c search_path=${name}`)
  return {
    url: url.href,
    drop: async () => {
      await outside.run(`DROP SCHEMA ${name} CASCADE`)
      await outside.close()
    },
  }
}

/** A blog of its own, and how to be rid of it. */
export interface OwnBlog {
  readonly blog: Client
  end(): Promise<void>
}

type Open = (options?: { readonly sample?: boolean }) => Promise<OwnBlog>

const onSqlite: Open = async (options) => {
  const blog = await openBlog(openSqliteAsync(), options)
  return { blog, end: () => blog.database.close() }
}

const onPostgres: Open = async (options) => {
  const { url, drop } = await emptySchema()
  const blog = await openBlog(openPostgres(url), options)
  return { blog, end: () => blog.database.close().then(drop) }
}

/** Both databases, for `describe.each`. */
export const databases: [name: string, open: Open][] = [
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
]
