import Database from 'better-sqlite3'
import type { Contender, Work } from '../contender.ts'
import { cellsOf, fill, insertAuthor, type NewAuthor, schema } from '../data.ts'

interface AuthorRow {
  id: number
  name: string
  posts: PostRow[]
}

interface PostRow {
  author_id: number
}

/** better-sqlite3 with statements that are prepared once, giving its own plain objects: everything else is compared with it. */
export const raw: Contender = {
  name: 'raw better-sqlite3',
  gives: 'plain rows',
  open: async () => workOn(openFilled()),
}

export function openFilled(): Database.Database {
  const database = new Database(':memory:')
  database.pragma('foreign_keys = ON')
  database.exec(schema)
  const statements = new Map<string, Database.Statement>()
  fill((sql, parameters) => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    statement.run(...parameters)
  })
  return database
}

const columns = 'id, name, email, age, active, bio, created_at'

export const sql = {
  find: `SELECT ${columns} FROM authors WHERE id = ?`,
  all: `SELECT ${columns} FROM authors`,
  list: `SELECT ${columns} FROM authors WHERE active = ? AND age = ? ORDER BY id LIMIT 20`,
  first: `SELECT ${columns} FROM authors ORDER BY id LIMIT ?`,
  posts: (count: number) =>
    `SELECT id, title, author_id FROM posts WHERE author_id IN (${Array(count).fill('?').join()})`,
  insert: insertAuthor,
  rename: 'UPDATE authors SET name = ? WHERE id = ?',
}

function workOn(database: Database.Database): Work {
  const find = database.prepare<unknown[], AuthorRow>(sql.find)
  const all = database.prepare<unknown[], AuthorRow>(sql.all)
  const list = database.prepare<unknown[], AuthorRow>(sql.list)
  const first = database.prepare<unknown[], AuthorRow>(sql.first)
  const posts = database.prepare<unknown[], PostRow>(sql.posts(200))
  const insert = database.prepare(sql.insert)
  const rename = database.prepare(sql.rename)

  const insertAll = database.transaction((authors: readonly NewAuthor[]) => {
    for (const author of authors) insert.run(...cellsOf(author))
  })
  const renameAll = database.transaction((authors: readonly AuthorRow[], name: string) => {
    for (const author of authors) rename.run(name, author.id)
  })

  return {
    find: (id) => find.get(id),
    loadAll: () => all.all(),
    list: (age) => list.all(1, age),
    insert: insertAll,
    openForUpdate: (limit) => {
      const authors = first.all(limit)
      return (name) => renameAll(authors, name)
    },
    eager: (limit) => {
      const authors = first.all(limit)
      const byId = new Map(authors.map((author) => [author.id, author]))
      for (const author of authors) author.posts = []
      for (const post of posts.all(...byId.keys())) byId.get(post.author_id)?.posts.push(post)
      return authors
    },
    run: (statement) => database.exec(statement),
    close: () => database.close(),
  }
}
