import type { AsyncDatabase } from '#shared/driver/async-driver'
import { UniqueViolation } from '#shared/driver/errors'
import { withSession } from '../session/context.ts'
import { retry } from '../session/retry.ts'
import type { AsyncSession } from '../session/session.ts'
import type { ArticleText } from './articles.ts'
import { createPasswords, type Passwords } from './auth/passwords.ts'
import { Article, Comment, Favorite, Follow, Post, Tag, User } from './models.ts'

/** What Alice and Bob log in with. */
export const samplePassword = 'correct horse'

/** Fills an empty blog with Alice, Bob and what they have written. A blog with users is left as it is. */
export const addSampleData = (
  database: AsyncDatabase,
  passwords: Passwords = createPasswords(),
): Promise<void> =>
  retry(() => withSession(database, (session) => fill(session, passwords))).catch(unlessItIsThere)

async function fill(session: AsyncSession, passwords: Passwords): Promise<void> {
  if (await session.query(User).exists()) return
  const [alice, bob] = await addUsers(session, passwords)
  addPosts(session, alice)
  await addArticles(session, alice, bob)
  await session.commit()
}

/** Another process has filled it at the same moment: one Alice is enough. */
function unlessItIsThere(error: unknown): void {
  if (!(error instanceof UniqueViolation)) throw error
}

/** Flushed one by one, so that Alice is user 1 on every database. */
async function addUsers(
  session: AsyncSession,
  passwords: Passwords,
): Promise<[alice: User, bob: User]> {
  const password = await passwords.hash(samplePassword)
  const alice = new User({
    username: 'Alice',
    email: 'alice@example.com',
    password,
    bio: 'I like tables.',
  })
  const bob = new User({
    username: 'Bob',
    email: 'bob@example.com',
    password,
    bio: 'I like Alice.',
  })
  for (const user of [alice, bob]) {
    session.add(user)
    await session.flush()
  }
  session.add(new Follow({ followerId: bob.id, followedId: alice.id }))
  return [alice, bob]
}

function addPosts(session: AsyncSession, alice: User): void {
  for (const title of ['My First Post', 'My Second Post'])
    session.add(new Post({ title, author: alice }))
}

async function addArticles(session: AsyncSession, alice: User, bob: User): Promise<void> {
  const [orm, sql, notes] = ['orm', 'sql', 'notes'].map((name) => new Tag({ name }))
  const first = articleOf(alice, '2026-01-05T09:00:00Z', 'what-an-orm-does', {
    title: 'What an ORM does',
    description: 'Objects on one side, rows on the other',
    body: 'An ORM turns rows into objects, and remembers what you change in them.\n\nThen it writes the changes back, all at once.',
  })
  const second = articleOf(bob, '2026-01-06T09:00:00Z', 'one-session-per-request', {
    title: 'One session per request',
    description: 'Who begins, who commits, who cleans up',
    body: 'A session is one piece of work. So is a request.',
  })
  first.tags.add(orm!, sql!)
  second.tags.add(orm!)
  const older = noteTexts.map(([title, description], i) =>
    noteOf(i, title, description, [alice, bob]),
  )
  for (const note of older) note.tags.add(notes!)
  session.add(first, second, ...older)
  await session.flush()
  const createdAt = new Date('2026-01-05T18:00:00Z')
  const text = { body: 'So that is what it does.', createdAt, updatedAt: createdAt }
  session.add(
    new Comment({ ...text, articleId: first.id, author: bob }),
    new Favorite({ userId: bob.id, articleId: first.id }),
  )
}

function articleOf(author: User, date: string, slug: string, text: ArticleText): Article {
  const createdAt = new Date(date)
  return new Article({ ...text, slug, author, createdAt, updatedAt: createdAt })
}

/** One a day before the others, by turns. */
function noteOf(number: number, title: string, description: string, users: User[]): Article {
  const date = new Date(Date.UTC(2025, 11, 20 + number)).toISOString()
  const body = `${description}.`
  const slug = title.toLowerCase().replaceAll(/[ ,]+/g, '-')
  return articleOf(users[number % 2]!, date, slug, { title, description, body })
}

/** Enough for a second page. */
const noteTexts: [title: string, description: string][] = [
  ['Rows by hand', 'Every column is written out five times, and the sixth time it is forgotten'],
  [
    'A class that knows its table',
    'Find, change, save: the object does it all, and knows too much',
  ],
  ['Questions are values', 'A query that is built can be kept, passed on and forked'],
  ['Objects that reach out', 'A hundred posts, a hundred authors, a hundred and one statements'],
  ['One row, one object', 'Two copies of Alice do not agree for long'],
  ['All or nothing', 'Change what you like, then write it at once, in the right order'],
  ['Keep the rows', 'The schema changes; what people wrote stays'],
  ['Look before you mend', 'Count the statements before you blame the database'],
  ['Waiting well', 'Many requests wait at once, and none for another'],
]
