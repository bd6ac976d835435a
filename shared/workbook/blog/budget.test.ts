import { beforeAll, describe, expect, test } from 'vitest'
import { type AsyncSession, blog as models, withSession } from '#stage/10-blog-app'
import { type Ask, type Client, openBlog } from '../../../10-blog-app/tests/client.ts'

const { Article, Comment, Post, Tag, User } = models

let blog: Client
let alice: string
let bob: string

beforeAll(async () => {
  blog = await openBlog()
  alice = await blog.register('alice')
  bob = await blog.register('bob')
  await blog.ask('POST', '/api/profiles/alice/follow', { token: bob })
  await withSession(blog.database, async (session) => {
    addHundred(session, await session.query(User).all())
    await session.commit()
  })
  for (const number of [1, 2, 3])
    await blog.ask('POST', `/api/articles/article-${number}/favorite`, { token: bob })
}, 60_000)

/** A hundred articles by turns, each with two tags; a hundred posts; a hundred comments on the first article. */
function addHundred(session: AsyncSession, users: readonly InstanceType<typeof User>[]): void {
  const tags = Array.from({ length: 7 }, (_, i) => new Tag({ name: `tag ${i}` }))
  const all = new Tag({ name: 'all' })
  const text = { description: 'd', body: 'b' }
  let first: InstanceType<typeof Article> | undefined
  for (let number = 1; number <= 100; number++) {
    const author = users[number % 2 ? 0 : 1]!
    const title = `Article ${number}`
    const article = new Article({ ...text, title, slug: `article-${number}`, author })
    first ??= article
    article.tags.add(all, tags[number % 7]!)
    session.add(article, new Post({ title: `Post ${number}`, author }))
    session.add(new Comment({ body: `Comment ${number}`, article: first, author }))
  }
}

/** The address, how many statements it takes, and what it is asked for. */
const budgets: [path: string, statements: number, who?: 'bob'][] = [
  ['/api/articles?limit=1', 5],
  ['/api/articles?limit=100', 5],
  ['/api/articles?limit=1', 8, 'bob'],
  ['/api/articles?limit=100', 8, 'bob'],
  ['/api/articles?limit=100&tag=all&author=alice&favorited=bob', 8, 'bob'],
  ['/api/articles/feed?limit=1', 8, 'bob'],
  ['/api/articles/feed?limit=50', 8, 'bob'],
  ['/api/articles/article-1', 4],
  ['/api/articles/article-1', 7, 'bob'],
  ['/api/articles/article-2/comments', 2],
  ['/api/articles/article-1/comments', 3],
  ['/api/articles/article-1/comments', 5, 'bob'],
  ['/api/profiles/alice', 3, 'bob'],
  ['/api/user', 1, 'bob'],
  ['/api/tags', 1],
  ['/posts/?limit=1', 2],
  ['/posts/?limit=100', 2],
  ['/', 4],
  ['/tags/all', 3],
  ['/authors/alice', 4],
  ['/articles/article-1', 5],
]

describe('how many statements an address takes, on a hundred articles', () => {
  test.each(budgets)('%s takes %i at most', async (path, statements, who) => {
    const ask: Ask = who ? { token: bob } : {}
    expect((await blog.ask('GET', path, ask)).status).toBe(200)
    expect(await blog.statementsOf('GET', path, ask)).toBeLessThanOrEqual(statements)
  })

  test('writing an article takes as many with one tag as with twenty, but for the rows of the pairs', async () => {
    const text = { description: 'New', body: 'New' }
    const twenty = Array.from({ length: 20 }, (_, i) => `t${i}`)
    const sent = async (title: string, tagList: string[]) => {
      blog.database.forget()
      await blog.write(alice, { ...text, title, tagList })
      // SQLite takes one prepared statement for each row, which is the fastest way there.
      return blog.database.statements.filter(({ sql }) => !/INTO "?articles_tags/.test(sql)).length
    }
    expect(await sent('One', ['x'])).toBe(await sent('Twenty', twenty))
  })
})
