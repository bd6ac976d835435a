import Database from 'better-sqlite3'
import type { Contender, Work } from '../contender.ts'
import { cellsOf, insertAuthor, type NewAuthor } from '../data.ts'

interface AuthorRow {
  id: number
  name: string
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

interface TagRow {
  name: string
  post_id: number
}

/** better-sqlite3 with statements that are prepared once, giving its own plain objects: everything else is compared with it. */
export const raw: Contender = {
  name: 'raw',
  gives: 'plain rows',
  converts: false,
  sqlite: async (seed) => workOn(openFilled(seed)),
}

export function openFilled(seed: readonly string[]): Database.Database {
  const database = new Database(':memory:')
  return fill(database, seed)
}

export function fill(database: Database.Database, seed: readonly string[]): Database.Database {
  database.pragma('foreign_keys = ON')
  for (const statement of seed) database.exec(statement)
  return database
}

const columns = 'id, name, email, age, active, bio, created_at'
const marks = (count: number) => Array(count).fill('?').join()

export const sql = {
  find: `SELECT ${columns} FROM authors WHERE id = ?`,
  all: `SELECT ${columns} FROM authors`,
  list: `SELECT ${columns} FROM authors WHERE active = ? AND age = ? ORDER BY id LIMIT 20`,
  first: `SELECT ${columns} FROM authors ORDER BY id LIMIT ?`,
  posts: (count: number) =>
    `SELECT id, title, author_id FROM posts WHERE author_id IN (${marks(count)})`,
  firstPosts: 'SELECT id, title, author_id FROM posts ORDER BY id LIMIT ?',
  tags: (count: number) => `SELECT tags.id, tags.name, posts_tags.post_id
    FROM tags JOIN posts_tags ON posts_tags.tag_id = tags.id WHERE posts_tags.post_id IN (${marks(count)})`,
  insert: insertAuthor,
  rename: 'UPDATE authors SET name = ? WHERE id = ?',
}

function workOn(database: Database.Database): Work {
  const find = database.prepare<unknown[], AuthorRow>(sql.find)
  const all = database.prepare<unknown[], AuthorRow>(sql.all)
  const list = database.prepare<unknown[], AuthorRow>(sql.list)
  const first = database.prepare<unknown[], AuthorRow>(sql.first)
  const posts = database.prepare<unknown[], PostRow>(sql.posts(200))
  const firstPosts = database.prepare<unknown[], TaggedRow>(sql.firstPosts)
  const tags = database.prepare<unknown[], TagRow>(sql.tags(200))
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
    manyToMany: (limit) => {
      const loaded = firstPosts.all(limit)
      const byId = new Map(loaded.map((post) => [post.id, post]))
      for (const post of loaded) post.tags = []
      for (const tag of tags.all(...byId.keys())) byId.get(tag.post_id)?.tags.push(tag)
      return loaded
    },
    run: (statement) => database.exec(statement),
    close: () => database.close(),
  }
}
