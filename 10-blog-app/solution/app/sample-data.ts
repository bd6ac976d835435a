import type { AsyncDatabase } from '#shared/driver/async-driver'
import { withSession } from '../session/context.ts'
import type { AsyncSession } from '../session/session.ts'
import { createPasswords, type Passwords } from './auth/passwords.ts'
import { Article, Comment, Favorite, Follow, Post, Tag, User } from './models.ts'

/** What Alice and Bob log in with. */
export const samplePassword = 'correct horse'

/** Fills an empty blog with Alice, Bob and what they have written. A blog with users is left as it is. */
export const addSampleData = (
  database: AsyncDatabase,
  passwords: Passwords = createPasswords(),
): Promise<void> =>
  withSession(database, async (session) => {
    if (await session.query(User).exists()) return
    const [alice, bob] = await addUsers(session, passwords)
    addPosts(session, alice)
    await addArticles(session, alice, bob)
    await session.commit()
  })

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
  const [orm, sql] = [new Tag({ name: 'orm' }), new Tag({ name: 'sql' })]
  const first = new Article({
    slug: 'what-an-orm-does',
    title: 'What an ORM does',
    description: 'Objects on one side, rows on the other',
    body: 'An ORM turns rows into objects, and remembers what you change in them.\n\nThen it writes the changes back, all at once.',
    createdAt: new Date('2026-01-05T09:00:00Z'),
    author: alice,
  })
  const second = new Article({
    slug: 'one-session-per-request',
    title: 'One session per request',
    description: 'Who begins, who commits, who cleans up',
    body: 'A session is one piece of work. So is a request.',
    createdAt: new Date('2026-01-06T09:00:00Z'),
    author: bob,
  })
  first.tags.add(orm, sql)
  second.tags.add(orm)
  session.add(first, second)
  await session.flush()
  session.add(
    new Comment({ body: 'So that is what it does.', articleId: first.id, author: bob }),
    new Favorite({ userId: bob.id, articleId: first.id }),
  )
}
