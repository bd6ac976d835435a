/**
 * What you will have at the end: npm start -- 09
 * With words behind it, it is the migration tool of a small project: npm start -- 09 --solution migrate
 */

import { setTimeout as wait } from 'node:timers/promises'
import { blogSchema } from '#shared/blog/schema'
import { recordAsync } from '#shared/driver/async-recorder'
import { postgres } from '#shared/driver/dialect'
import { startPostgres } from '#shared/driver/embedded-postgres'
import { openPostgres } from '#shared/driver/postgres'
import {
  AsyncSession,
  belongsTo,
  currentSession,
  describeNPlusOne,
  entity,
  explainPlan,
  hasMany,
  Lens,
  showPlan,
  t,
  withSession,
  withTransaction,
} from '#stage/09-async'
import { runTool } from './tool.ts'

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
}) {}

class Account extends entity('accounts', {
  id: t.integer().primaryKey({ generated: false }),
  cents: t.integer(),
}) {}

class Job extends entity('jobs', {
  id: t.integer().primaryKey(),
  name: t.text(),
  worker: t.text().nullable(),
}) {}

const words = process.argv.slice(2)
if (words.length > 0) process.exit(await runTool(words))

const server = await startPostgres()
const url = new URL(server.url)
url.searchParams.set('options', '-c search_path=orm_workbook_demo')
const database = recordAsync(openPostgres(url.href, { max: 4, acquireTimeout: 200 }))
try {
  await prepare()
  await main()
  await notLoaded()
  await oneThingAtATime()
  await sessionOfTheTask()
  await twoMeet()
  await manyRows()
  await queue()
  await stopped()
  await emptyPool()
  await withTheLens()
} finally {
  await database.run('DROP SCHEMA IF EXISTS orm_workbook_demo CASCADE')
  await database.close()
  await server.stop()
}

async function prepare(): Promise<void> {
  await using connection = await database.connect()
  await connection.exec(`
    DROP SCHEMA IF EXISTS orm_workbook_demo CASCADE;
    CREATE SCHEMA orm_workbook_demo;
    ${blogSchema(postgres)}
    INSERT INTO users (name, email, joined_at)
      SELECT name, lower(name) || '@example.com', '2026-05-01' FROM unnest(ARRAY['Alice', 'Bob', 'Carol']) AS name;
    INSERT INTO posts (title, content, published, created_at, user_id)
      VALUES ('My First Post', '…', true, '2026-05-01', 1), ('My Second Post', '…', true, '2026-05-02', 1);
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL);
    INSERT INTO accounts VALUES (1, 1000), (2, 1000);
    CREATE TABLE jobs (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL, worker TEXT);`)
  database.forget()
}

async function main(): Promise<void> {
  title('1. The same program as ever, awaited, on PostgreSQL')
  {
    await using session = new AsyncSession(database)
    const user = await session.find(User, 1)
    if (!user) throw new Error('There is no user 1.')
    user.name = 'Async Alice'
    await session.commit()

    const posts = await user.posts
    say(`User has ${posts.length} posts.`)
  }
  showLog()
}

async function notLoaded(): Promise<void> {
  title('2. What is not loaded is awaited, or asked for')
  await using session = new AsyncSession(database)
  const alice = await session.get(User, 1, { with: { posts: true } })
  say(`asked for with the object: ${alice.posts.length} posts`)
  session.clear()
  const user = (await session.get(User, 1)) as any
  await said(() => user.posts.length)
  database.forget()
}

async function oneThingAtATime(): Promise<void> {
  title('3. One session, one thing at a time')
  await using session = new AsyncSession(database)
  const first = session.find(User, 1)
  await said(() => session.find(User, 2))
  say(`and the first of them is fine: ${(await first)?.name}`)
  database.forget()
}

async function sessionOfTheTask(): Promise<void> {
  title('4. The session of the task, without handing it on')
  const nameOf = async (id: number) => (await currentSession().get(User, id)).name
  const names = await Promise.all([1, 2, 3].map((id) => withSession(database, () => nameOf(id))))
  say(`three tasks, three sessions: ${names.join(', ')}`)
  await said(() => nameOf(1))
  database.forget()
}

/** Both have read 1000 before either of them writes. */
async function twoMeet(): Promise<void> {
  title('5. Two that meet')
  const met = meeting(2)
  const withdraw = (name: string) =>
    withTransaction(
      database,
      async (session, attempt) => {
        const account = await session.get(Account, 1)
        if (attempt === 1) await met()
        else say(`${name} begins again, and reads ${account.cents}`)
        account.cents -= 100
      },
      { isolation: 'serializable' },
    )
  await Promise.all([withdraw('the second one'), withdraw('the second one')])
  const account = await withSession(database, (session) => session.get(Account, 1))
  say(`1000, twice 100 withdrawn: ${account.cents}`)
  database.forget()
}

async function manyRows(): Promise<void> {
  title('6. A thousand new objects')
  await withSession(database, async (session) => {
    const jobs = Array.from({ length: 1000 }, (_, i) => new Job({ name: `job ${i + 1}` }))
    session.add(...jobs)
    await session.commit()
    say(`the last one has the key ${jobs.at(-1)?.id}`)
  })
  showLog()
}

async function queue(): Promise<void> {
  title('7. Four workers, one queue')
  const takeOne = (name: string) =>
    withTransaction(database, async (session) => {
      const job = await session
        .query(Job)
        .where((j) => j.worker.eq(null))
        .orderBy((j) => j.id)
        .limit(1)
        .forUpdate({ skipLocked: true })
        .first()
      if (job) job.worker = name
      return job
    })
  const taken = await Promise.all(['a', 'b', 'c', 'd'].map(takeOne))
  say(
    `jobs taken at the same time: ${taken
      .map((job) => job?.id)
      .sort()
      .join(', ')}`,
  )
  say(database.statements.find(({ sql }) => sql.includes('SKIP LOCKED'))!.sql)
  database.forget()
}

async function stopped(): Promise<void> {
  title('8. Whoever goes away stops the work on the server')
  const visitor = new AbortController()
  await using session = new AsyncSession(database, { signal: visitor.signal })
  const asking = said(() => session.connection.values('SELECT pg_sleep(60)'))
  await running('SELECT pg_sleep(60)')
  visitor.abort(new Error('The visitor has closed the page.'))
  await asking
  await using impatient = new AsyncSession(database, { statementTimeout: 50 })
  await said(() => impatient.connection.values('SELECT pg_sleep(60)'))
}

async function emptyPool(): Promise<void> {
  title('9. No connection is free, and the error knows who has them')
  const forgetful = () => database.connect()
  const held = await Promise.all([1, 2, 3, 4].map(forgetful))
  await said(() => withSession(database, (session) => session.get(User, 1)))
  for (const connection of held) await connection.release()
}

async function withTheLens(): Promise<void> {
  title('10. The lens of stage 08, on a server that counts')
  const lens = new Lens(database, { models: [User, Post] })
  await withSession(lens.database, async (session) => {
    for (const user of await session.query(User).all()) await user.posts
  })
  for (const found of lens.report.nPlusOnes) say(describeNPlusOne(found))
  say(showPlan(await explainPlan(database, lens.report.statements[1]!)))
}

/** Lets those who come wait until so many are there. */
function meeting(count: number): () => Promise<void> {
  let open = () => {}
  let here = 0
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    here += 1
    if (here === count) open()
    return all
  }
}

/** Waits until the server is at work on a statement. */
async function running(sql: string): Promise<void> {
  const question = 'SELECT 1 FROM pg_stat_activity WHERE state = $1 AND query = $2'
  while ((await database.values(question, ['active', sql])).length === 0) await wait(5)
}

/** Shows an error that is meant to come. What is not written yet is not meant. */
async function said(work: () => unknown): Promise<void> {
  try {
    await work()
    say('(no error)')
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'TodoError') throw error
    say(`✗ ${error.name}: ${error.message}`)
  }
}

function showLog(): void {
  for (const { sql, parameters } of database.statements) say(`  ${short(sql)}${shown(parameters)}`)
  database.forget()
}

function short(sql: string): string {
  return sql.length > 100 ? `${sql.slice(0, 100)} …` : sql
}

function shown(parameters: readonly unknown[]): string {
  const some = parameters.slice(0, 3).map(String)
  if (parameters.length > 3) some.push(`… ${parameters.length} in all`)
  return some.length > 0 ? `   -- ${some.join(', ')}` : ''
}

function say(text: string): void {
  for (const line of text.split('\n')) console.log(`  ${line}`)
}

function title(text: string): void {
  console.log(`\n${text}`)
}
