/** What stage 04 feels like when two parts of a program meet: node --import tsx 05-identity-map/pain.ts */

import { createBlog } from '#shared/blog/blog'
import type { Value } from '#shared/driver/driver'
import { record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { entity, hydrate, t } from '#stage/05-identity-map'

class User extends entity('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  age: t.integer().nullable(),
}) {}

const blog = openSqlite()
createBlog(blog)
const db = record(blog)

console.log('1. Two finds, one row')
const one = find(1)
const two = find(1)
console.log(`  one === two: ${one === two}`)
one.name = 'A-lice'
console.log(`  one.name: ${one.name}, two.name: ${two.name}`)
console.log(`  ${db.statements.length} statements`)

console.log('\n2. Two birthdays, one of them lost')
const inTheForm = find(2)
const inTheJob = find(2)
inTheForm.age = (inTheForm.age ?? 0) + 1
inTheJob.age = (inTheJob.age ?? 0) + 1
save(inTheForm)
save(inTheJob)
console.log(
  `  Bob was 25, had two birthdays, and is ${stored('SELECT age FROM users WHERE id = 2')}`,
)

console.log('\n3. A page of posts, each with its author')
const authors = blog.values('SELECT user_id FROM posts').map(([id]) => find(id as number))
const different = new Set(authors).size
const rows = new Set(authors.map((author) => author.id)).size
console.log(`  ${authors.length} posts, ${different} objects for ${rows} authors`)

/** As `User.find` does in stage 04: a row comes, and becomes an object. */
function find(id: number): User {
  const [row = []] = db.values('SELECT id, name, age FROM users WHERE id = ?', [id])
  return hydrate(User.table, User, row)
}

/** As `save` does in stage 04: the object knows its row, and nothing of the other object. */
function save({ id, age }: User): void {
  db.run('UPDATE users SET age = ? WHERE id = ?', [age, id])
}

function stored(sql: string): Value | undefined {
  return blog.values(sql)[0]?.[0]
}
