/** What you will have at the end: npm start -- 03 */

import { inspect } from 'node:util'
import { createBlog } from '#shared/blog/blog'
import { postgres } from '#shared/driver/dialect'
import { record, type Statement } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { TodoError } from '#shared/todo'
import {
  type Condition,
  connect,
  count,
  cte,
  deleteFrom,
  execute,
  fetchAll,
  from,
  insertInto,
  Model,
  Query,
  rowNumber,
  sql,
  t,
  update,
  value,
} from '#stage/03-query-builder'

class User extends Model('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  accountType: t.enum('free', 'premium').default('free'),
  joinedAt: t.timestamp().default(() => new Date('2026-05-01T10:00:00Z')),
}) {
  greet() {
    return `Hi, ${this.name}`
  }
}

class Post extends Model('posts', {
  id: t.integer().primaryKey(),
  title: t.text(),
  published: t.boolean(),
  createdAt: t.timestamp(),
  userId: t.integer().references(() => User.c.id),
}) {}

class Comment extends Model('comments', {
  id: t.integer().primaryKey(),
  body: t.text(),
  parentId: t.integer().nullable(),
}) {}

const blog = openSqlite()
createBlog(blog)
const db = record(blog, show)
connect(db)

title('1. A query in strings')
const query = new Query()
  .select('id', 'name', 'email')
  .from('users')
  .where('age', '>', 18)
  .where('account_type', '=', 'premium')
  .orderBy('name', 'ASC')
  .limit(10)
const built = query.build()
say(built)
say(db.all(built.sql, built.params))

title('2. A query in types, for two databases')
const posters = from(User)
  .leftJoin(Post, (u, p) => p.userId.eq(u.id).and(p.published.eq(true)))
  .groupBy((u) => u.id)
  .select((u, p) => ({ name: u.name, postCount: count(p.id) }))
  .orderBy((u, p) => [count(p.id).desc(), u.name])
say(posters.compile(postgres).sql)
for (const row of fetchAll(db, posters)) say(row)

title('3. One query, continued in two directions')
const people = from(User)
  .select((u) => ({ name: u.name }))
  .orderBy((u) => u.id)
const namesOf = (condition: Condition) =>
  fetchAll(db, people.where(condition))
    .map(({ name }) => name)
    .join(', ') || '(nobody)'
say(namesOf(User.c.age.gte(30)))
say(namesOf(User.c.accountType.eq('free')))

title('4. Where SQL thinks otherwise')
say(namesOf(User.c.age.eq(null)))
say(namesOf(User.c.age.ne(30)))
say(namesOf(User.c.id.in([])))
say(namesOf(User.c.email.contains('_')))
const hasAnO = User.c.name.contains('o').or(User.c.email.contains('o'))
say(namesOf(hasAnO.and(User.c.id.in([2]))))

title('5. The latest post of each author, in one statement')
const ranked = from(Post)
  .select((p) => ({
    ...p,
    place: rowNumber().over({ partitionBy: [p.userId], orderBy: p.createdAt.desc() }),
  }))
  .as('ranked')
const latest = from(ranked)
  .innerJoin(User, (r, u) => u.id.eq(r.userId))
  .where((r) => r.place.eq(1))
  .orderBy((_, u) => u.name)
  .select((r, u) => ({ name: u.name, title: r.title, published: r.published, at: r.createdAt }))
for (const row of fetchAll(db, latest)) say(row)

title('6. A thread of comments, as deep as it goes')
const thread = cte.recursive(
  'thread',
  from(Comment)
    .where((c) => c.id.eq(1))
    .select((c) => ({ id: c.id, body: c.body, depth: value(0) })),
  (above) =>
    from(Comment)
      .innerJoin(above, (c, a) => c.parentId.eq(a.id))
      .select((c, a) => ({ id: c.id, body: c.body, depth: a.depth.plus(1) })),
)
for (const { depth, body } of fetchAll(
  db,
  from(thread).orderBy((c) => c.depth),
))
  say(`${'  '.repeat(depth)}${body}`)

title('7. Writing, with a guard')
const bob = insertInto(User)
  .values({ name: 'Robert', email: 'bob@example.com' })
  .onConflict((u) => u.email)
  .doUpdate((excluded) => ({ name: excluded.name }))
  .returning((u) => ({ id: u.id, name: u.name }))
say(fetchAll(db, bob))
say(
  execute(
    db,
    update(User)
      .set((u) => ({ age: u.age.plus(1) }))
      .where((u) => u.age.isNotNull()),
  ).changes,
)
attempt(() => execute(db, deleteFrom(Post)))

title('8. SQL by hand, and still safe')
const evil = "Robert'; DROP TABLE users; --"
const greetings = from(User)
  .where((u) => sql<boolean>`length(${u.name}) < ${6} OR ${u.name} = ${evil}`)
  .select((u) => ({ greeting: sql<string>`'Hi, ' || ${u.name}` }))
say(fetchAll(db, greetings))

title('9. And the models use it')
const adults = User.query()
  .where((u) => u.age.gt(18))
  .orderBy((u) => u.name)
say(adults.all().map((user) => user.greet()))
say(adults.count())

title('10. Mistakes that speak')
const age: number | undefined = undefined
attempt(() => from(User).where((u) => u.age.gt(age as never)))
attempt(() => from(User).where((u) => ((u.age as never) > 18) as never))
attempt(() => from(User).where((u) => u.id.notIn([1, null as never])))
attempt(() => from(User).where(Post.c.published.eq(true)).compile())
attempt(() => new Query().from('users').orderBy('name', 'ASC; DROP TABLE users' as never))

function show({ sql, parameters }: Statement): void {
  console.log(`    ${sql}`)
  if (parameters.length > 0) console.log(`      with ${inLine(parameters)}`)
}

function attempt(run: () => unknown): void {
  try {
    run()
    say('no error')
  } catch (error) {
    if (error instanceof TodoError) throw error
    say(`${(error as Error).name}: ${(error as Error).message}`)
  }
}

function say(what: unknown): void {
  console.log(`  ${typeof what === 'string' ? what : inLine(what)}`)
}

function inLine(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY })
}

function title(text: string): void {
  console.log(`\n${text}`)
}
