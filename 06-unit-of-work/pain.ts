/** What stage 05 feels like when several objects belong together: node --import tsx 06-unit-of-work/pain.ts */

import { createBlog } from '#shared/blog/blog'
import type { Value } from '#shared/driver/driver'
import { UniqueViolation } from '#shared/driver/errors'
import { record, type Statement } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { dehydrate, entity, t } from '#stage/06-unit-of-work'

class User extends entity('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  joinedAt: t.timestamp().default(() => new Date('2026-05-01T09:00:00Z')),
}) {}

class Post extends entity('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text().default('…'),
  published: t.boolean().default(false),
  createdAt: t.timestamp().default(() => new Date('2026-05-01T09:00:00Z')),
  userId: t.integer().references(() => User.c.id),
}) {}

class Tag extends entity('tags', { id: t.integer().primaryKey(), name: t.text().unique() }) {}

const blog = openSqlite()
createBlog(blog)
const db = record(blog, show)

console.log('1. An author, a post and a tag: one thing to you, three to the database')
const author = new User({ name: 'Dan', email: 'dan@example.com' })
const tag = new Tag({ name: 'sql' })
try {
  save(author)
  const post = new Post({ title: 'Hello', userId: author.id })
  save(post)
  save(tag)
} catch (error) {
  if (!(error instanceof UniqueViolation)) throw error
  console.log(`  ✗ ${error.message.split('\n')[0]}`)
}
console.log(
  `  in the database: Dan ${count("users WHERE name = 'Dan'")} time, ${count('posts')} posts`,
)
console.log(`  in memory: author.id is ${author.id}, tag.id is ${tag.id}`)

console.log('\n2. Mend the name of the tag, and the same again')
tag.name = 'databases'
try {
  save(author)
} catch (error) {
  if (!(error instanceof UniqueViolation)) throw error
  console.log(`  ✗ ${error.message.split('\n')[0]}`)
}

console.log('\n3. Two tags swap their names')
for (const [id, name] of [
  [1, 'orm'],
  [2, 'sql'],
] as const)
  try {
    db.run('UPDATE tags SET name = ? WHERE id = ?', [name, id])
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    console.log(`  ✗ ${error.message.split('\n')[0]}`)
  }
console.log(`  tags: ${blog.values('SELECT name FROM tags ORDER BY id').join(', ')}`)

/** As `session.save` does in stage 05 with a new object: one statement, at once. */
function save(object: User | Post | Tag): void {
  const { table } = object.constructor as typeof User
  const row = dehydrate(table, object, db.dialect)
  const columns = table.columns.filter(({ index }) => row[index] !== undefined)
  const names = columns.map(({ name }) => name).join(', ')
  const values = columns.map(({ index }) => row[index] ?? null)
  const sql = `INSERT INTO ${table.name} (${names}) VALUES (${values.map(() => '?').join(', ')})`
  object.id = Number(db.run(sql, values).lastInsertId)
}

function count(what: string): Value | undefined {
  return blog.values(`SELECT COUNT(*) FROM ${what}`)[0]?.[0]
}

function show({ sql, parameters }: Statement): void {
  console.log(`    ${sql}  [${parameters.join(', ')}]`)
}
