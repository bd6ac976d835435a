/** What you will have at the end: npm start -- 04 */

import { inspect } from 'node:util'
import { createBlog } from '#shared/blog/blog'
import { record, type Statement } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import {
  belongsTo,
  connect,
  hasMany,
  Model,
  manyToMany,
  NotLoadedError,
  Registry,
  t,
} from '#stage/04-relations'

class User extends Model('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  joinedAt: t.timestamp().default(() => new Date('2026-05-01T09:00:00Z')),
  posts: () => hasMany(Post),
}) {}

class Post extends Model('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text().default('…'),
  published: t.boolean().default(false),
  createdAt: t.timestamp().default(() => new Date('2026-05-01T09:00:00Z')),
  userId: t.integer().references(() => User.c.id),
  author: () => belongsTo(User),
  comments: () => hasMany(Comment),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {}

class Comment extends Model('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  postId: t.integer().references(() => Post.c.id),
  post: () => belongsTo(Post),
}) {}

class Tag extends Model('tags', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
  posts: () => manyToMany(Post, { through: () => PostTag }),
}) {}

class PostTag extends Model('posts_tags', {
  postId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Post.c.id),
  tagId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Tag.c.id),
}) {}

/** The statement shown last, and how often it came again. */
const last = { sql: '', again: 0 }

const blog = openSqlite()
createBlog(blog)
const db = record(blog, show)
connect(db)

title('1. The first touch, and the second')
const user = User.get(1)
say('About to access posts...')
for (const post of user.posts) {
  say(post.title)
}
say('Accessing posts again...')
say(`User has ${user.posts.length} posts.`)

title('2. Both sides')
const bob = User.get(2)
const [post] = user.posts
if (post) {
  say(`post.author === user: ${post.author === user}`)
  post.author = bob
  say(`posts of Alice: ${user.posts.length}, of Bob: ${bob.posts.length}`)
  post.save()
}

title('3. A hundred authors')
addUsers(100)
const before = count(() => {
  for (const author of User.all()) author.posts.length
})
const after = count(() => {
  for (const author of User.query().with({ posts: true }).all()) author.posts.length
})
say(`Reduction: ${before} -> ${after} statements`)

title('4. Level by level')
User.query()
  .where((u) => u.id.lt(4))
  .with({ posts: { comments: true, tags: true } })
  .all()

title('5. The newest post of each')
User.query()
  .where((u) => u.id.lt(4))
  .with({ posts: (posts) => posts.orderBy((p) => p.id.desc()).limit(1) })
  .all()

title('6. How many, without a single post')
const counted = User.query()
  .where((u) => u.id.lt(4))
  .withCount({ posts: true })
  .all()
say(counted.map(({ name, posts }) => `${name}: ${posts.count()}`).join(', '))

title('7. Who asks for it')
User.query()
  .whereHas('posts', (p) => p.published.eq(true))
  .all()

title('8. Pairs')
const joins = Post.get(3)
joins.tags.add(Tag.get(1), Tag.get(2))
joins.save()

title('9. Strict')
try {
  const [strict] = User.query().limit(1).strict().all()
  say(strict?.posts.length)
} catch (error) {
  if (!(error instanceof NotLoadedError)) throw error
  say(error.message)
}

title('10. Tables in the order of their foreign keys')
const farm = new Registry()
class Egg extends Model(
  'eggs',
  {
    id: t.integer().primaryKey(),
    nestId: t.integer().references(() => Nest.c.id),
    layerId: t.integer().references(() => Chicken.c.id),
  },
  { registry: farm },
) {}
class Chicken extends Model(
  'chickens',
  {
    id: t.integer().primaryKey(),
    eggId: t
      .integer()
      .nullable()
      .references(() => Egg.c.id),
  },
  { registry: farm },
) {}
class Nest extends Model('nests', { id: t.integer().primaryKey() }, { registry: farm }) {}
say('declared:')
for (const model of [Egg, Chicken, Nest]) say(`  ${model.table.name}`)
farm.createAll(db)

function addUsers(upTo: number): void {
  const sql = "INSERT INTO users (id, name, email, joined_at) VALUES (?, 'User', ?, '2026-01-01')"
  for (let id = 4; id <= upTo; id++) blog.run(sql, [id, `user${id}@example.com`])
}

/** How many statements something sends. */
function count(run: () => void): number {
  db.forget()
  run()
  return db.statements.length
}

/** A statement that comes again and again is shown once, and a long list of marks is cut. */
function show({ sql, parameters }: Statement): void {
  if (sql === last.sql) {
    last.again++
    return
  }
  closeRepetition()
  last.sql = sql
  console.log(`    ${sql.replace(/\((\?, ){9,}\?\)/, '(?, ?, …)')}`)
  if (parameters.length > 9) console.log(`      with ${parameters.length} parameters`)
  else if (parameters.length > 0) console.log(`      with ${inLine(parameters)}`)
}

function closeRepetition(): void {
  if (last.again > 0) console.log(`      … and ${last.again} more like it`)
  last.sql = ''
  last.again = 0
}

function say(what: unknown): void {
  closeRepetition()
  console.log(`  ${typeof what === 'string' ? what : inLine(what)}`)
}

function title(text: string): void {
  closeRepetition()
  console.log(`\n${text}`)
}

function inLine(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY })
}
