import { beforeEach, describe, expect, it } from 'vitest'
import { type AsyncSession, findArticles, blog as models, withSession } from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'

const { Article, Favorite, Follow, Tag, User } = models

let blog: Client
beforeEach(async () => {
  blog = await openBlog()
  await inSession(addArticles)
  blog.database.forget()
})

const inSession = <T>(work: (session: AsyncSession) => Promise<T>): Promise<T> =>
  withSession(blog.database, work)

/**
 * Article 1 is the oldest. Nos. 3 and 4 are of one moment. Alice writes the odd ones, Bob the even ones; No. 1 is about
 * sql and orm, the others are about orm; Carol likes Nos. 2 and 3, Alice likes No. 3, and Carol follows Bob.
 */
async function addArticles(session: AsyncSession): Promise<void> {
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(
    (username) => new User({ username, email: `${username}@example.com`, password: 'x' }),
  ) as [InstanceType<typeof User>, InstanceType<typeof User>, InstanceType<typeof User>]
  for (const user of [alice, bob, carol]) {
    session.add(user)
    await session.flush()
  }
  const [orm, sql] = [new Tag({ name: 'orm' }), new Tag({ name: 'sql' })]
  const days = [1, 2, 3, 3, 5]
  for (const [i, day] of days.entries()) {
    const article = new Article({
      slug: `no-${i + 1}`,
      title: `No. ${i + 1}`,
      description: 'd',
      body: 'b',
      createdAt: new Date(Date.UTC(2026, 0, day)),
      author: i % 2 ? bob : alice,
    })
    article.tags.add(orm, ...(i === 0 ? [sql] : []))
    session.add(article)
    await session.flush()
  }
  session.add(new Follow({ followerId: carol.id, followedId: bob.id }))
  for (const [userId, articleId] of [
    [carol.id, 2],
    [carol.id, 3],
    [alice.id, 3],
  ] as const)
    session.add(new Favorite({ userId, articleId }))
  await session.commit()
}

const all = { limit: 20, offset: 0 }
const titles = async (filter: Parameters<typeof findArticles>[1], slice = all) => {
  const { articles, count } = await inSession((session) => findArticles(session, filter, slice))
  return { titles: articles.map(({ slug }) => slug.replace('no-', '')).join(' '), count }
}

const feedOf = (id: number, filter: Parameters<typeof findArticles>[1] = {}) =>
  inSession(async (session) => {
    const followedBy = await session.get(User, id)
    const { articles, count } = await findArticles(session, { ...filter, followedBy }, all)
    return [articles.map(({ slug }) => slug), count]
  })

describe('Task 4: the newest articles', () => {
  it('come first; of two of one moment, the one that was written later', async () => {
    expect(await titles({})).toEqual({ titles: '5 4 3 2 1', count: 5 })
  })

  it('come first by their day, also where a later one was stored earlier', async () => {
    await blog.database.run(
      "UPDATE articles SET created_at = '2025-01-01T00:00:00.000Z' WHERE id = 5",
    )
    expect(await titles({})).toEqual({ titles: '4 3 2 1 5', count: 5 })
  })

  describe('a slice of them', () => {
    it('begins where the one before it ends, and the count is that of the whole list', async () => {
      const slices = [0, 2, 4].map((offset) => titles({}, { limit: 2, offset }))
      expect(await Promise.all(slices)).toEqual([
        { titles: '5 4', count: 5 },
        { titles: '3 2', count: 5 },
        { titles: '1', count: 5 },
      ])
    })

    it('behind the end is empty, and the count stays', async () => {
      expect(await titles({}, { limit: 2, offset: 50 })).toEqual({ titles: '', count: 5 })
    })

    it('cuts among many of one moment at the same place each time', async () => {
      await blog.database.run("UPDATE articles SET created_at = '2026-01-01T00:00:00.000Z'")
      const slices = [0, 1, 2, 3, 4].map((offset) => titles({}, { limit: 1, offset }))
      expect((await Promise.all(slices)).map((slice) => slice.titles).join(' ')).toBe('5 4 3 2 1')
      // In a list that another index finds, equal rows come the other way round.
      expect(await feedOf(3)).toEqual([['no-4', 'no-2'], 2])
    })
  })

  describe('that fit', () => {
    it('by tag, each once', async () => {
      expect(await titles({ tag: 'sql' })).toEqual({ titles: '1', count: 1 })
      expect(await titles({ tag: 'orm' })).toEqual({ titles: '5 4 3 2 1', count: 5 })
    })

    it('by author', async () => {
      expect(await titles({ author: 'bob' })).toEqual({ titles: '4 2', count: 2 })
    })

    it('by somebody whose favourites they are, each once', async () => {
      expect(await titles({ favorited: 'carol' })).toEqual({ titles: '3 2', count: 2 })
      expect(await titles({ favorited: 'alice' })).toEqual({ titles: '3', count: 1 })
    })

    it('by all of it at once', async () => {
      expect(await titles({ tag: 'orm', author: 'bob', favorited: 'carol' })).toEqual({
        titles: '2',
        count: 1,
      })
    })

    it('by a name or a tag that nobody has: none', async () => {
      for (const filter of [
        { tag: 'none' },
        { author: 'none' },
        { favorited: 'none' },
        { tag: '' },
        { author: '' },
        { favorited: '' },
      ])
        expect(await titles(filter)).toEqual({ titles: '', count: 0 })
    })

    it('by text that looks like SQL: none', async () => {
      expect(await titles({ author: "' OR '1'='1" })).toEqual({ titles: '', count: 0 })
    })
  })

  describe('of those whom a user follows', () => {
    it('are the feed', async () => {
      expect(await feedOf(3)).toEqual([['no-4', 'no-2'], 2])
    })

    it('by a tag, an author, somebody whose favourites they are', async () => {
      expect(await feedOf(3, { favorited: 'carol' })).toEqual([['no-2'], 1])
      expect(await feedOf(3, { tag: 'sql' })).toEqual([[], 0])
      expect(await feedOf(3, { author: 'alice' })).toEqual([[], 0])
    })

    it('are none, when the user follows nobody', async () => {
      expect(await feedOf(1)).toEqual([[], 0])
    })
  })

  describe('cost', () => {
    it.each([1, 5])('four statements at most, for %i articles', async (limit) => {
      await titles({}, { limit, offset: 0 })
      expect(blog.database.statements.length).toBeLessThanOrEqual(4)
    })

    it('a statement for the rows that are shown, and for no others', async () => {
      await titles({ author: 'bob' }, { limit: 1, offset: 0 })
      const rows = blog.database.statements.map((statement) => statement.rows)
      expect(Math.max(...rows)).toBe(1)
    })

    it('nothing more when their authors and tags are read', async () => {
      const lines = await inSession(async (session) => {
        const { articles } = await findArticles(session, {}, all)
        blog.database.forget()
        return articles.map(({ author, tags }) => `${author.username}: ${tags.length}`)
      })
      expect(lines).toEqual(['alice: 1', 'bob: 1', 'alice: 1', 'bob: 1', 'alice: 2'])
      expect(blog.database).toHaveSentCount(0)
    })
  })

  it('and so the pages of the blog are there', async () => {
    const page = await blog.ask('GET', '/tags/sql')
    expect([page.status, page.text.includes('href="/articles/no-1"')]).toEqual([200, true])
    expect((await blog.ask('GET', '/authors/bob')).text).not.toContain('/articles/no-1"')
  })
})
