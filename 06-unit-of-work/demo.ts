/** What you will have at the end: npm start -- 06 */

import { createBlog } from '#shared/blog/blog'
import { UniqueViolation } from '#shared/driver/errors'
import { record, type Statement } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import {
  belongsTo,
  entity,
  FlushOrderError,
  hasMany,
  manyToMany,
  registry,
  Session,
  StaleObjectError,
  t,
} from '#stage/06-unit-of-work'

class User extends entity('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  joinedAt: t.timestamp().default(() => new Date('2026-05-01T09:00:00Z')),
  posts: () => hasMany(Post),
}) {}

class Post extends entity('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  content: t.text().default('…'),
  published: t.boolean().default(false),
  createdAt: t.timestamp().default(() => new Date('2026-05-01T09:00:00Z')),
  userId: t.integer().references(() => User.c.id),
  author: () => belongsTo(User),
  tags: () => manyToMany(Tag, { through: () => PostTag }),
}) {}

class Tag extends entity('tags', {
  id: t.integer().primaryKey(),
  name: t.text().unique(),
  posts: () => manyToMany(Post, { through: () => PostTag }),
}) {}

class PostTag extends entity('posts_tags', {
  postId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Post.c.id, { onDelete: 'cascade' }),
  tagId: t
    .integer()
    .primaryKey({ generated: false })
    .references(() => Tag.c.id),
}) {}

// Not of the blog.

class Team extends entity('teams', {
  id: t.integer().primaryKey(),
  name: t.text(),
  captainId: t
    .integer()
    .nullable()
    .references(() => Player.c.id),
  captain: () => belongsTo(Player).nullable(),
}) {}

class Player extends entity('players', {
  id: t.integer().primaryKey(),
  name: t.text(),
  teamId: t.integer().references(() => Team.c.id),
  team: () => belongsTo(Team),
}) {}

class Chicken extends entity('chickens', {
  id: t.integer().primaryKey(),
  eggId: t.integer().references(() => Egg.c.id),
  egg: () => belongsTo(Egg),
}) {}

class Egg extends entity('eggs', {
  id: t.integer().primaryKey(),
  chickenId: t.integer().references(() => Chicken.c.id),
  chicken: () => belongsTo(Chicken),
}) {}

class Draft extends entity('drafts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  version: t.integer().version(),
}) {}

const blog = openSqlite()
createBlog(blog)
registry.createAll(blog)
const db = record(blog, show)
const session = new Session(db)

title('1. Change what you like, then commit')
const user = session.get(User, 1)
const post = session.get(Post, 3)
user.name = 'Updated Name'
const newPost = new Post({ title: 'New Post', content: '…', userId: user.id })
session.add(newPost)
session.delete(post)
say('So far, nothing was sent for these changes.')
session.commit()
say(`newPost.id: ${newPost.id}`)

title('2. What would a flush do?')
const author = new User({ name: 'Dan', email: 'dan@example.com' })
const joins = new Post({ title: 'Joins', author })
joins.tags.add(session.get(Tag, 1), new Tag({ name: 'joins' }))
session.add(joins)
for (const line of session.explain().split('\n')) say(line)
say('And now for real:')
session.commit()

title('3. All or nothing')
user.name = 'Alicia'
const eve = new User({ name: 'Eve', email: 'dan@example.com' })
session.add(eve)
refused(UniqueViolation, () => session.commit())
say(`eve is ${session.stateOf(eve)}, her id is ${eve.id}`)
eve.email = 'eve@example.com'
say('Mended, and once more:')
session.commit()

title('4. Swap two unique values')
const [sql, orm] = [session.get(Tag, 1), session.get(Tag, 2)]
;[sql.name, orm.name] = [orm.name, sql.name]
session.commit()

title('5. Replace: the old one goes, the new one takes its name')
session.delete(session.get(Tag, 3))
session.add(new Tag({ name: 'typescript' }))
session.commit()

title('6. Two new rows that point to each other')
const team = new Team({ name: 'Reds' })
team.captain = new Player({ name: 'Ann', team })
session.add(team)
session.commit()
say('And when neither may be empty:')
const chicken = new Chicken({})
chicken.egg = new Egg({ chicken })
session.add(chicken)
refused(FlushOrderError, () => session.commit())
session.rollback()

title('7. A transaction in a transaction')
session.transaction(() => {
  user.name = 'Outer'
  refused(Error, () =>
    session.transaction(() => {
      user.name = 'Inner'
      session.flush()
      throw new Error('The inner one fails.')
    }),
  )
  say(`user.name: ${user.name}`)
})

title('8. Somebody else was faster')
const draft = new Draft({ title: 'Mine' })
session.add(draft)
session.commit()
blog.run("UPDATE drafts SET title = 'Theirs', version = 2")
draft.title = 'Mine again'
refused(StaleObjectError, () => session.commit())

/** What is refused, and its words. */
function refused(type: new (...values: never[]) => Error, run: () => unknown): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof type)) throw error
    for (const line of error.message.split('\n')) say(`✗ ${line}`)
  }
}

/** The made-up value of a swap is another one in each run. */
function show({ sql, parameters }: Statement): void {
  const values = parameters.map((value) => String(value ?? 'NULL').replace(/^(parked).*/, '$1 …'))
  console.log(`    ${[sql, values.join(', ')].filter(Boolean).join('   -- ')}`)
}

function say(line: string): void {
  console.log(`  ${line}`)
}

function title(text: string): void {
  console.log(`\n${text}`)
}
