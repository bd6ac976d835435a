/** What each fix saves, counted in statements first: part of npm start -- 08 */

import { type RecordedConnection, record } from '#shared/driver/recorder'
import { openSqlite, type SqliteConnection } from '#shared/driver/sqlite'
import {
  belongsTo,
  createAll,
  entity,
  hasMany,
  hasOne,
  Registry,
  ResultCache,
  Session,
  type SessionOptions,
  t,
} from '#stage/08-profiling'

const registry = new Registry()

class Author extends entity(
  'users',
  {
    id: t.integer().primaryKey(),
    name: t.text(),
    posts: () => hasMany(Article),
    latestPost: () => hasOne(Article, { latestBy: 'createdAt' }),
  },
  { registry },
) {}

class Article extends entity(
  'posts',
  {
    id: t.integer().primaryKey(),
    title: t.text(),
    createdAt: t.timestamp(),
    userId: t.integer().references(() => Author.c.id),
    author: () => belongsTo(Author),
  },
  { registry },
) {}

const authors = 100
const postsEach = 20

/** A blog of this size, in memory. */
function openLargeBlog(): { sqlite: SqliteConnection; db: RecordedConnection } {
  const sqlite = openSqlite()
  createAll(sqlite, registry)
  const session = new Session(sqlite)
  const start = Date.parse('2026-05-01T09:00:00Z')
  const all = Array.from({ length: authors }, (_, i) => new Author({ name: `Author ${i}` }))
  for (let i = 0; i < authors * postsEach; i++) {
    const createdAt = new Date(start + i * 1000)
    session.add(new Article({ title: `Post ${i}`, createdAt, author: all[i % authors]! }))
  }
  session.commit()
  return { sqlite, db: record(sqlite) }
}

/** Prints a table: what each way to do the same thing sends, and how many rows come back. */
export function printFigures(): void {
  const { sqlite, db } = openLargeBlog()
  sqlite.run('CREATE INDEX posts_user_id ON posts (user_id)')
  const { measure, print } = table(db)

  print(`Each of ${authors} authors with the title of the latest of ${postsEach} posts`)
  const authorsOf = (options?: SessionOptions) => new Session(db, options).query(Author)
  const newest = ({ posts }: Author) =>
    posts.toArray().sort((one, other) => +other.createdAt - +one.createdAt)[0]?.title
  measure('touched one by one', () => authorsOf().all().map(newest))
  measure('touched, and loaded for all peers', () => authorsOf({ lazy: 'peers' }).all().map(newest))
  measure('with({ posts: true })', () => authorsOf().with({ posts: true }).all().map(newest))
  const latest = ({ latestPost }: Author) => latestPost?.title
  measure('with({ latestPost: true })', () =>
    authorsOf().with({ latestPost: true }).all().map(latest),
  )
  const cache = new ResultCache()
  const cached = () => authorsOf({ cache }).with({ latestPost: true }).cached({ seconds: 60 }).all()
  cached()
  measure('cached({ seconds: 60 }), the second time', () => cached().map(latest))

  print('The 50 posts of one page, each with its author')
  const posts = () =>
    new Session(db)
      .query(Article)
      .orderBy((p) => p.id)
      .limit(50)
  const name = ({ author }: Article) => author.name
  measure('touched one by one', () => posts().all().map(name))
  measure('with({ author: true })', () => posts().with({ author: true }).all().map(name))
  measure('joined({ author: true })', () => posts().joined({ author: true }).all().map(name))

  printPrepared(sqlite)
  printPages(db)
}

/** Lists of 1 to 64 keys: how many different statements the database has to prepare for them. */
function printPrepared(sqlite: SqliteConnection): void {
  const before = sqlite.prepared
  for (let count = 1; count <= 64; count++)
    new Session(sqlite).query(Author).limit(count).with({ posts: true }).all()
  const lists = sqlite.prepared - before - 1
  console.log(`\nStatements prepared for lists of 1 to 64 keys: ${lists}`)
}

/** What the database does for the last page, in its own words. */
function printPages(db: RecordedConnection): void {
  db.run('CREATE INDEX posts_created_at ON posts (created_at, id)')
  const posts = () => new Session(db).query(Article).orderBy((p) => p.createdAt)
  const last = authors * postsEach - 20
  console.log('\nThe last page of 20 posts, in the order of time')
  console.log(
    `  offset(${last}): ${planOf(db, () =>
      posts()
        .orderBy((p) => p.id)
        .limit(20)
        .offset(last)
        .all(),
    )}`,
  )
  const { next } = posts().page({ size: last })
  console.log(`  page({ after }): ${planOf(db, () => posts().page({ size: 20, after: next }))}`)
}

/** The plan of the statement that a function sends. */
function planOf(db: RecordedConnection, send: () => unknown): string {
  db.forget()
  send()
  const { sql, parameters, rows } = db.statements.at(-1)!
  const plan = db.all(`EXPLAIN QUERY PLAN ${sql}`, parameters).map(({ detail }) => detail)
  return `${plan.join(', ')} → ${rows} rows`
}

/** Lines of a table: what is measured, statements, rows, and the best time of five. */
function table(db: RecordedConnection) {
  const print = (title: string) =>
    console.log(
      `\n${title.padEnd(66)}${'statements'.padStart(10)}${'rows'.padStart(7)}${'ms'.padStart(7)}`,
    )
  const measure = (name: string, work: () => unknown) => {
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < 5; i++) best = Math.min(best, timeOf(db, work))
    const rows = db.statements.reduce((sum, statement) => sum + statement.rows, 0)
    const figures = [`${db.statements.length}`.padStart(10), `${rows}`.padStart(7)]
    console.log(`  ${name.padEnd(64)}${figures.join('')}${best.toFixed(1).padStart(7)}`)
  }
  return { print, measure }
}

function timeOf(db: RecordedConnection, work: () => unknown): number {
  db.forget()
  const start = performance.now()
  work()
  return performance.now() - start
}
