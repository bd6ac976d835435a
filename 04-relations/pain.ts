/** What stage 03 feels like when objects belong together: node --import tsx 04-relations/pain.ts */

import { createBlog } from '#shared/blog/blog'
import { record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { connect, fetchAll, from, Model, t } from '#stage/04-relations'

class User extends Model('users', { id: t.integer().primaryKey(), name: t.text() }) {}

class Post extends Model('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  userId: t.integer().references(() => User.c.id),
}) {}

class Comment extends Model('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  postId: t.integer().references(() => Post.c.id),
}) {}

const blog = openSqlite()
createBlog(blog)
for (let id = 4; id <= 100; id++)
  blog.run("INSERT INTO users VALUES (?, 'User', ?, 30, 'free', '2026-01-01')", [id, `${id}@x.com`])
const db = record(blog)
connect(db)

console.log('1. A page of authors, each with its posts')
for (const user of User.all()) {
  const posts = Post.where({ userId: user.id })
  print(user.name, posts)
}
console.log(`  ${db.statements.length} statements:`)
for (const { sql, parameters } of db.statements.slice(0, 3)) console.log(`    ${sql}`, parameters)
console.log(`    … and ${db.statements.length - 3} more`)

console.log('\n2. The same with a join')
const rows = fetchAll(
  db,
  from(User)
    .leftJoin(Post, (u, p) => p.userId.eq(u.id))
    .leftJoin(Comment, (_, p, c) => c.postId.eq(p.id))
    .where((u) => u.id.eq(1))
    .select((u, p, c) => ({ name: u.name, title: p.title, comment: c.body })),
)
console.table(rows)

console.log('3. Two statements and a Map, by hand')
db.forget()
const users = User.all()
const posts = Post.query()
  .where((p) => p.userId.in(users.map((user) => user.id)))
  .all()
const postsOf = new Map<number, Post[]>()
for (const post of posts) postsOf.set(post.userId, [...(postsOf.get(post.userId) ?? []), post])
for (const user of users) print(user.name, postsOf.get(user.id) ?? [])
console.log(`  ${db.statements.length} statements`)

console.log('\n4. A post goes from Alice to Bob')
const [first] = postsOf.get(1) ?? []
if (first) first.userId = 2
console.log(`  first.userId: ${first?.userId}`)
console.log(`  posts of Alice: ${postsOf.get(1)?.length}, of Bob: ${postsOf.get(2)?.length}`)

function print(name: string, posts: readonly Post[]): void {
  if (posts.length > 0) console.log(`  ${name}: ${posts.map((post) => post.title).join(', ')}`)
}
