import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type AsyncSession,
  followedAmong,
  blog as models,
  viewingOf,
  withSession,
} from '#stage/10-blog-app'
import { type Client, openBlog, tokens } from './client.ts'

const { Article, Favorite, Follow, Tag, User } = models

let blog: Client
let alice: string
let bob: string

/** A hundred articles, Alice's and Bob's by turns. Bob follows Alice and has two favourites; Alice has one. */
beforeAll(async () => {
  blog = await openBlog()
  const [first, second] = await inSession(addArticles)
  alice = await tokens.sign(first)
  bob = await tokens.sign(second)
})
beforeEach(() => blog.database.forget())

async function addArticles(session: AsyncSession) {
  const alice = newUser('alice')
  const bob = newUser('bob')
  session.add(alice, bob)
  await session.flush()
  const tag = new Tag({ name: 'all' })
  for (let number = 1; number <= 100; number++) {
    const title = `Article ${number}`
    const author = number % 2 ? alice : bob
    const article = new Article({ ...text, slug: `article-${number}`, title, author })
    article.tags.add(tag)
    session.add(article)
  }
  session.add(new Follow({ followerId: bob.id, followedId: alice.id }))
  await session.flush()
  session.add(
    new Favorite({ userId: bob.id, articleId: 1 }),
    new Favorite({ userId: bob.id, articleId: 2 }),
    new Favorite({ userId: alice.id, articleId: 2 }),
  )
  await session.commit()
  return [alice, bob] as const
}

const text = { description: 'd', body: 'b' }
const newUser = (username: string) =>
  new User({ username, email: `${username}@example.com`, password: 'x' })

const inSession = <T>(work: (session: AsyncSession) => Promise<T>): Promise<T> =>
  withSession(blog.database, work)

/** What a reader has to do with the first articles, and what was sent to find it out. */
const viewing = (articleCount: number, reader?: number) =>
  inSession(async (session) => {
    const articles = await session
      .query(Article)
      .orderBy((a) => a.id)
      .limit(articleCount)
      .all()
    const viewer = reader === undefined ? undefined : await session.get(User, reader)
    blog.database.forget()
    return viewingOf(session, articles, viewer)
  })

describe('Task 5: one question for a whole list', () => {
  describe('finds', () => {
    it('how many users each article is a favourite of', async () => {
      const { favoritesCount } = await viewing(100)
      expect([1, 2, 3].map((id) => favoritesCount.get(id) ?? 0)).toEqual([1, 2, 0])
    })

    it('as numbers, that go into JSON as they are', async () => {
      const { favoritesCount } = await viewing(100)
      expect(favoritesCount.get(2)).toBe(2)
    })

    it('which of them are favourites of the reader', async () => {
      expect([...(await viewing(100, 2)).favorited].toSorted()).toEqual([1, 2])
      expect([...(await viewing(100, 1)).favorited]).toEqual([2])
    })

    it('which of their authors the reader follows', async () => {
      expect([...(await viewing(100, 2)).following]).toEqual([1])
      expect([...(await viewing(100, 1)).following]).toEqual([])
    })

    it('nothing of articles that are not in the list', async () => {
      const { favorited, favoritesCount } = await viewing(1, 2)
      expect([...favorited]).toEqual([1])
      expect([...favoritesCount.keys()]).toEqual([1])
    })
  })

  describe('asks', () => {
    it.each([1, 100])('three times at most for a reader, on %i articles', async (articleCount) => {
      await viewing(articleCount, 2)
      expect(blog.database.statements.length).toBeLessThanOrEqual(3)
    })

    it.each([1, 100])('once when nobody is logged in, on %i articles', async (articleCount) => {
      const { favorited, following } = await viewing(articleCount)
      expect([favorited.size, following.size]).toEqual([0, 0])
      expect(blog.database).toHaveSent(['SELECT favorites'])
    })

    it('nothing about no articles', async () => {
      expect((await viewing(0, 2)).favoritesCount.size).toBe(0)
      expect(blog.database).toHaveSentCount(0)
    })

    it('one thing after the other: a request takes one connection, and not three', async () => {
      const values = blog.database.values.bind(blog.database)
      let running = 0
      let most = 0
      const spy = vi.spyOn(blog.database, 'values').mockImplementation(async (...statement) => {
        most = Math.max(most, ++running)
        return await values(...statement).finally(() => running--)
      })
      await viewing(100, 2)
      spy.mockRestore()
      expect(most).toBe(1)
    })

    it('for each author once, however many articles they wrote', async () => {
      await viewing(100, 2)
      const follows = blog.database.statements.find(({ sql }) => /FROM "?follows/.test(sql))
      // The reader, and two authors: the list of keys is filled up by the ORM, never to a hundred.
      expect(follows?.parameters.length).toBeLessThan(6)
    })

    it('for one row of each article, not for one of each favourite', async () => {
      await inSession(async (session) => {
        const readers = Array.from({ length: 10 }, (_, i) => newUser(`reader ${i}`))
        session.add(...readers)
        await session.flush()
        session.add(...readers.map(({ id }) => new Favorite({ userId: id, articleId: 50 })))
        await session.commit()
      })
      expect((await viewing(100)).favoritesCount.get(50)).toBe(10)
      expect(blog.database.statements.map(({ rows }) => rows)).toEqual([3])
    })
  })

  it('of users alone: which of them somebody follows', async () => {
    const among = (ids: number[], id?: number) =>
      inSession(async (session) => {
        const viewer = id === undefined ? undefined : await session.get(User, id)
        return [...(await followedAmong(session, ids, viewer))]
      })
    expect(await among([1, 2], 2)).toEqual([1])
    expect(await among([2], 2)).toEqual([])
    expect(await among([], 2)).toEqual([])
    expect(await among([1, 2])).toEqual([])
  })

  describe('and so lists of articles are there', () => {
    const budgets: [path: string, statements: number, who?: 'bob'][] = [
      ['/api/articles?limit=1', 5],
      ['/api/articles?limit=100', 5],
      ['/api/articles?limit=1', 8, 'bob'],
      ['/api/articles?limit=100', 8, 'bob'],
      ['/api/articles?limit=100&tag=all&author=alice&favorited=bob', 8, 'bob'],
      ['/api/articles/feed?limit=1', 8, 'bob'],
      ['/api/articles/feed?limit=50', 8, 'bob'],
    ]
    it.each(budgets)('%s, in %i statements at most', async (path, most, who) => {
      const ask = who ? { token: bob } : {}
      expect((await blog.ask('GET', path, ask)).status).toBe(200)
      expect(await blog.statementsOf('GET', path, ask)).toBeLessThanOrEqual(most)
    })

    it('as their reader sees them', async () => {
      const { json } = await blog.ask('GET', '/api/articles?limit=2&offset=98', { token: bob })
      const seen = json.articles.map((article: any) => [
        article.slug,
        article.favorited,
        article.favoritesCount,
        article.author.following,
      ])
      expect(seen).toEqual([
        ['article-2', true, 2, false],
        ['article-1', true, 1, true],
      ])
    })

    it('and profiles', async () => {
      const seen = async (token: string) =>
        (await blog.ask('GET', '/api/profiles/alice', { token })).json.profile.following
      expect([await seen(bob), await seen(alice)]).toEqual([true, false])
    })
  })
})
