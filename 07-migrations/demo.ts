/**
 * What you will have at the end: npm start -- 07
 * With words behind it, it is the tool of a small project: npm start -- 07 --solution migrate --to 0001
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '#shared/driver/sqlite'
import { entity, fetchAll, from, manage, Registry, reflect, t } from '#stage/07-migrations'

const monday = new Registry()
class MondayUser extends entity(
  'users',
  { id: t.integer().primaryKey(), name: t.text() },
  { registry: monday },
) {}
entity(
  'posts',
  {
    id: t.integer().primaryKey(),
    title: t.text(),
    userId: t.integer().references(() => MondayUser.c.id, { onDelete: 'cascade' }),
  },
  { registry: monday },
)

const tuesday = new Registry()
class TuesdayUser extends entity(
  'users',
  { id: t.integer().primaryKey(), name: t.text(), email: t.varchar(255).nullable() },
  { registry: tuesday },
) {}
entity(
  'posts',
  {
    id: t.integer().primaryKey(),
    title: t.text(),
    userId: t.integer().references(() => TuesdayUser.c.id, { onDelete: 'cascade' }),
  },
  { registry: tuesday },
)

const wednesday = new Registry()
class WednesdayUser extends entity(
  'users',
  {
    id: t.integer().primaryKey(),
    fullName: t.text(),
    email: t.varchar(255).unique(),
  },
  { registry: wednesday },
) {}
entity(
  'posts',
  {
    id: t.integer().primaryKey(),
    title: t.text(),
    userId: t.integer().references(() => WednesdayUser.c.id, { onDelete: 'cascade' }),
  },
  { registry: wednesday },
)

const words = process.argv.slice(2)
if (words.length > 0) process.exitCode = await asTool()
else await asStory()

/** The tool of a project that stays: its database and its migrations are in `.workbook/07-migrations`. */
async function asTool(): Promise<number> {
  const folder = join(import.meta.dirname, '..', '.workbook', '07-migrations')
  mkdirSync(folder, { recursive: true })
  const connection = openSqlite(join(folder, 'blog.db'))
  const project = { connection, registry: tuesday, folder: join(folder, 'migrations') }
  try {
    return await manage(words, project)
  } finally {
    connection.close()
  }
}

async function asStory(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orm-workbook-migrations-'))
  try {
    await tell(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function tell(folder: string): Promise<void> {
  const connection = openSqlite()
  const now = () => new Date('2026-05-04T09:00:00Z')
  const run = (registry: Registry, ...argv: string[]) => {
    console.log(`$ manage ${argv.join(' ')}`)
    return manage(argv, { connection, registry, folder, warn: console.log, ask, now })
  }

  title('1. Monday: the first tables')
  await run(monday, 'makemigrations')
  await run(monday, 'migrate')
  connection.run("INSERT INTO users (name) VALUES ('Alice'), ('Bob')")
  connection.run("INSERT INTO posts (title, user_id) VALUES ('My First Post', 1)")

  title('2. Tuesday: the class has an email')
  await run(tuesday, 'makemigrations')
  await run(tuesday, 'migrate')
  await run(tuesday, 'migrate')

  title('3. What it wrote')
  console.log(readFileSync(join(folder, '0002_add_email_to_users.sql'), 'utf8').trimEnd())

  title('4. Wednesday: two questions, and a change that SQLite has no ALTER for')
  await run(wednesday, 'makemigrations', '--name', 'full_names')
  await run(wednesday, 'migrate')
  console.log(connection.all('SELECT * FROM users'), connection.all('SELECT * FROM posts'))

  title('5. The way back loses data, and the tool says so')
  await run(wednesday, 'rollback', '--to', '0001')
  await run(wednesday, 'status')
  await manage(['migrate'], { connection, registry: wednesday, folder, print: () => {} })

  title('6. Somebody changes the database by hand')
  connection.run('CREATE INDEX ix_by_hand ON posts (title)')
  await run(wednesday, 'check')
  connection.run('DROP INDEX ix_by_hand')

  title('7. Somebody edits a file that was applied')
  const first = join(folder, '0001_create_users_and_posts.sql')
  const text = readFileSync(first, 'utf8')
  writeFileSync(first, text.replace('title TEXT', 'title VARCHAR(80)'))
  await run(wednesday, 'migrate')
  writeFileSync(first, text)

  title('8. Two branches have added a migration each')
  for (const branch of ['a', 'b'])
    writeFileSync(join(folder, `0004_branch_${branch}.sql`), '-- after: 0003_full_names\n-- up\n')
  await run(wednesday, 'migrate')
  await run(wednesday, 'makemigrations', '--merge')
  await run(wednesday, 'migrate')
  await run(wednesday, 'check')

  title('9. Tables without a class: what the database says is enough to ask it')
  await run(wednesday, 'inspect', 'users')
  const { users } = reflect<'users'>(connection)
  const named = from(users).where((u) => u.full_name.like('A%'))
  console.log(
    fetchAll(
      connection,
      named.select((u) => ({ name: u.full_name, email: u.email })),
    ),
  )
  connection.close()
}

/** Answers as somebody at the terminal would. */
async function ask(question: string): Promise<string> {
  const answer = /rows get/.test(question) ? "'unknown' || id || '@example.com'" : 'y'
  console.log(`${question} ${answer}`)
  return answer
}

function title(text: string): void {
  console.log(`\n${text}`)
}
