import type { AsyncDatabase } from '#shared/driver/async-driver'
import { type AsyncSession, blog as models, withSession } from '#stage/10-blog-app'

const { Article, Comment, Favorite, Follow, Tag, User } = models
type Author = InstanceType<typeof User>

/** How many users the blog has when the load begins: user 1 is the first. */
export const userCount = 100
export const articleCount = 2000
const tagCount = 30

/** The slug of an article of the fill; the first one is number 0. */
export const slugAt = (number: number): string => `article-${number}`

/** The name of a tag of the fill. */
export const tagAt = (number: number): string => `tag-${number % tagCount}`

/** Fills an empty blog: 100 users who follow ten others each, 2000 articles with three tags, comments and favourites. */
export const fill = (database: AsyncDatabase): Promise<void> =>
  withSession(database, async (session) => {
    const users = await addUsers(session)
    addFollows(session, users)
    await addArticles(session, users)
    await session.commit()
  })

/** Nobody logs in with a password here: the load signs its own tokens. One at a time, so that user 1 is the first. */
async function addUsers(session: AsyncSession): Promise<Author[]> {
  const users = numbers(userCount).map(
    (number) =>
      new User({
        username: `user ${number}`,
        email: `user${number}@example.com`,
        password: 'none',
        bio: `Writes about ${tagAt(number)}.`,
      }),
  )
  for (const user of users) {
    session.add(user)
    await session.flush()
  }
  return users
}

function addFollows(session: AsyncSession, users: readonly Author[]): void {
  for (const [index, follower] of users.entries())
    for (const step of numbers(10)) {
      const followed = users[(index + step + 1) % users.length]!
      session.add(new Follow({ followerId: follower.id, followedId: followed.id }))
    }
}

async function addArticles(session: AsyncSession, users: readonly Author[]): Promise<void> {
  const tags = numbers(tagCount).map((number) => new Tag({ name: tagAt(number) }))
  const articles = numbers(articleCount).map((number) => {
    const article = new Article({
      slug: slugAt(number),
      title: `Article ${number}`,
      description: 'What an ORM does when many ask at once',
      body: 'It opens a session for each of them, and closes it again. '.repeat(20),
      // A minute apart, so that the order of the list is no accident.
      createdAt: new Date(Date.UTC(2026, 0, 1, 0, number)),
      author: users[number % users.length]!,
    })
    article.tags.add(...numbers(3).map((step) => tags[(number + step * 7) % tagCount]!))
    return article
  })
  session.add(...articles)
  await session.flush()
  for (const [index, { id }] of articles.entries())
    session.add(
      new Comment({ body: 'Well said.', articleId: id, author: users[(index * 3) % userCount]! }),
      new Favorite({ userId: users[(index * 7) % userCount]!.id, articleId: id }),
    )
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number)
