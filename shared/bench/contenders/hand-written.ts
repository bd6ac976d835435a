import type Database from 'better-sqlite3'
import type { Contender, Work } from '../contender.ts'
import { cellsOf, type NewAuthor } from '../data.ts'
import { openFilled, sql } from './raw.ts'

type AuthorRow = [number, string, string, number | null, number, string | null, string]
type PostRow = [number, string, number]
type TagRow = [id: number, name: string, postId: number]

class Author {
  readonly posts: Post[] = []
  readonly id: number
  name: string
  readonly email: string
  readonly age: number | null
  readonly active: boolean
  readonly bio: string | null
  readonly createdAt: Date

  constructor([id, name, email, age, active, bio, createdAt]: AuthorRow) {
    this.id = id
    this.name = name
    this.email = email
    this.age = age
    this.active = active === 1
    this.bio = bio
    this.createdAt = new Date(createdAt)
  }
}

class Post {
  readonly id: number
  readonly title: string
  readonly authorId: number

  constructor([id, title, authorId]: PostRow) {
    this.id = id
    this.title = title
    this.authorId = authorId
  }
}

class TaggedPost extends Post {
  readonly tags: Tag[] = []
}

class Tag {
  readonly id: number
  readonly name: string

  constructor([id, name]: TagRow) {
    this.id = id
    this.name = name
  }
}

/** What a careful person writes for these two tables: rows as arrays, put into classes. No ORM can do less. */
export const handWritten: Contender = {
  name: 'hand-written',
  gives: 'classes',
  converts: true,
  sqlite: async (seed) => workOn(openFilled(seed)),
}

function workOn(database: Database.Database): Work {
  const find = database.prepare<unknown[], AuthorRow>(sql.find).raw()
  const all = database.prepare<unknown[], AuthorRow>(sql.all).raw()
  const list = database.prepare<unknown[], AuthorRow>(sql.list).raw()
  const first = database.prepare<unknown[], AuthorRow>(sql.first).raw()
  const posts = database.prepare<unknown[], PostRow>(sql.posts(200)).raw()
  const firstPosts = database.prepare<unknown[], PostRow>(sql.firstPosts).raw()
  const tags = database.prepare<unknown[], TagRow>(sql.tags(200)).raw()
  const insert = database.prepare(sql.insert)
  const rename = database.prepare(sql.rename)
  const authorsOf = (rows: readonly AuthorRow[]) => rows.map((row) => new Author(row))

  const insertAll = database.transaction((authors: readonly NewAuthor[]) => {
    for (const author of authors) insert.run(...cellsOf(author))
  })
  const renameAll = database.transaction((authors: readonly Author[], name: string) => {
    for (const author of authors) {
      author.name = name
      rename.run(name, author.id)
    }
  })

  return {
    find: (id) => {
      const row = find.get(id)
      return row && new Author(row)
    },
    loadAll: () => authorsOf(all.all()),
    list: (age) => authorsOf(list.all(1, age)),
    insert: insertAll,
    openForUpdate: (limit) => {
      const authors = authorsOf(first.all(limit))
      return (name) => renameAll(authors, name)
    },
    eager: (limit) => {
      const authors = authorsOf(first.all(limit))
      const byId = new Map(authors.map((author) => [author.id, author]))
      for (const row of posts.all(...byId.keys())) {
        const post = new Post(row)
        byId.get(post.authorId)?.posts.push(post)
      }
      return authors
    },
    manyToMany: (limit) => {
      const loaded = firstPosts.all(limit).map((row) => new TaggedPost(row))
      const byId = new Map(loaded.map((post) => [post.id, post]))
      for (const row of tags.all(...byId.keys())) byId.get(row[2])?.tags.push(new Tag(row))
      return loaded
    },
    run: (statement) => database.exec(statement),
    close: () => database.close(),
  }
}
