import { createBlog } from '#shared/blog/blog'
import type { Connection } from '#shared/driver/driver'
import { openSqlite } from '#shared/driver/sqlite'
import { transaction } from '#shared/driver/transaction'

interface Size {
  readonly authors?: number
  /** Of each author. */
  readonly posts?: number
}

/** The blog, grown: many authors with many posts, the same ones each time. There is no index on the foreign keys. */
export function openLargeBlog({ authors = 100, posts = 20 }: Size = {}): Connection {
  const connection = openSqlite()
  createBlog(connection)
  transaction(connection, () => {
    connection.exec('DELETE FROM comments; DELETE FROM posts_tags; DELETE FROM posts')
    for (let id = 4; id <= authors; id++) addAuthor(connection, id)
    for (let id = 1; id <= authors * posts; id++) addPost(connection, id, authors)
  })
  return connection
}

function addAuthor(connection: Connection, id: number): void {
  const name = `${pick(names, id)} ${pick(families, Math.floor(id / names.length))}`
  const sql = "INSERT INTO users (id, name, email, joined_at) VALUES (?, ?, ?, '2026-01-01')"
  connection.run(sql, [id, name, `author${id}@example.com`])
}

/** The authors take turns, so that the posts of one lie all over the table, as in life. */
function addPost(connection: Connection, id: number, authors: number): void {
  const title = `${pick(starts, id * 5)} ${pick(subjects, Math.floor(id / 3))}`
  const day = new Date(Date.UTC(2026, 0, 1) + id * 3_600_000).toISOString()
  connection.run(
    'INSERT INTO posts (id, title, content, published, created_at, user_id) VALUES (?, ?, ?, 1, ?, ?)',
    [id, title, `${title}. `.repeat(20), day, ((id * 7) % authors) + 1],
  )
}

const pick = (words: readonly string[], i: number) => words[i % words.length]!

const names = 'Dora Emil Frida Goran Hana Ivo Jana Karim Lena Milo Nora Omar Paula'.split(' ')
const families = 'Berg Costa Dvorak Eriksen Fischer Garcia Haddad Ito Jansen'.split(' ')
const starts = ['Notes on', 'All about', 'The trouble with', 'A year of', 'Against', 'In praise of']
const subjects =
  'joins,indexes,null,migrations,transactions,identity,laziness,caches,cursors,time zones'.split(
    ',',
  )
