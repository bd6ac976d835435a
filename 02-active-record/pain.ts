/** What stage 01 feels like with two tables and one more year: node --import tsx 02-active-record/pain.ts */

import { createBlog } from '#shared/blog/blog'
import type { Connection } from '#shared/driver/driver'
import { openSqlite } from '#shared/driver/sqlite'

interface User {
  id: number
  name: string
  email: string
  age: number | null
}

function findUser(db: Connection, id: number): User | undefined {
  return db.get('SELECT id, name, email, age FROM users WHERE id = ?', [id]) as User | undefined
}

function insertUser(db: Connection, user: User): void {
  const sql = 'INSERT INTO users (id, name, email, age) VALUES (?, ?, ?, ?)'
  db.run(sql, [user.id, user.name, user.email, user.age])
}

function updateUser(db: Connection, user: User): void {
  const sql = 'UPDATE users SET name = ?, email = ?, age = ? WHERE id = ?'
  db.run(sql, [user.name, user.email, user.age, user.id])
}

// And now the same again for the next table. The blog has six.

interface Post {
  id: number
  title: string
  published: boolean
  createdAt: Date
}

function findPost(db: Connection, id: number): Post | undefined {
  const sql = 'SELECT id, title, published, created_at AS createdAt FROM posts WHERE id = ?'
  return db.get(sql, [id]) as Post | undefined
}

typesThatLie()
twoCopies()
oneColumnMore()

function typesThatLie(): void {
  console.log('1. The compiler believes what it is told')
  const post = findPost(openBlog(), 1) as Post
  say('post.published === true', post.published === true)
  say(
    'post.createdAt.getTime()',
    failure(() => post.createdAt.getTime()),
  )
}

function twoCopies(): void {
  console.log('\n2. Two people edit Bob at the same time')
  const db = openBlog()
  const [mine, yours] = [findUser(db, 2) as User, findUser(db, 2) as User]
  mine.name = 'Robert'
  updateUser(db, mine)
  yours.age = 26
  updateUser(db, yours)
  say('after both have saved', JSON.stringify(findUser(db, 2)))
}

function oneColumnMore(): void {
  console.log('\n3. The table gains a column')
  const db = openBlog()
  const dave = { id: 4, name: 'Dave', email: 'dave@example.com', age: null }
  say(
    'insertUser',
    failure(() => insertUser(db, dave)),
  )
}

function openBlog(): Connection {
  const db = openSqlite()
  createBlog(db)
  return db
}

/** The first line of the error that `run` throws. */
function failure(run: () => unknown): string {
  try {
    run()
    return 'no error'
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message.split('\n')[0]}`
  }
}

function say(what: string, result: unknown): void {
  console.log(`  ${what.padEnd(26)} ${result}`)
}
