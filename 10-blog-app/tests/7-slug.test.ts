import { beforeEach, describe, expect, it } from 'vitest'
import { UniqueViolation } from '#shared/driver/errors'
import { blog as models, slugOf, withFreeSlug, withSession } from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'
import { refused } from './refused.ts'

const { Article, User } = models

let blog: Client
let alice: string
const openBefore = () =>
  beforeEach(async () => {
    blog = await openBlog()
    alice = await blog.register('alice')
  })

describe('Task 7: every article its slug', () => {
  describe('of a title', () => {
    it.each([
      ['Hello', 'hello'],
      ['  Hello,   world! ', 'hello-world'],
      ['What’s new in 2026?', 'what-s-new-in-2026'],
      ['Ça va, ORM?', 'ca-va-orm'],
      ['Straße & Fluß', 'straße-fluß'],
      ['データベース 入門', 'データベース-入門'],
      ['हिन्दी में', 'हिन्दी-में'],
      ['한국어', '한국어'],
      ['a/b?c#d%e', 'a-b-c-d-e'],
      ['<script>', 'script'],
    ])('%j becomes %j', (title, slug) => {
      expect(slugOf(title)).toBe(slug)
    })

    it('has 80 characters at most, and ends with none that is half', () => {
      expect(slugOf('word '.repeat(40))).toMatch(/^(word-){15}word$/)
      expect(slugOf('x'.repeat(200))).toBe('x'.repeat(80))
      for (const title of ['word '.repeat(40), 'x'.repeat(200), `x${'𠀀'.repeat(100)}`]) {
        expect(slugOf(title).length).toBeLessThanOrEqual(80)
        expect(encodeURIComponent(slugOf(title))).not.toBe('')
      }
    })

    it('that has no word is some word', () => {
      expect(slugOf('!?')).toMatch(/^article-[0-9a-f]{8}$/)
      expect(slugOf('!?')).not.toBe(slugOf('!?'))
    })

    it('is no address that the blog needs itself', () => {
      expect(slugOf('Feed')).toMatch(/^feed-[0-9a-f]{8}$/)
      expect(slugOf('Feed me')).toBe('feed-me')
    })
  })

  describe('that is taken', () => {
    openBefore()

    const article = (slug: string) =>
      new Article({ slug, title: 'Hello', description: 'd', body: 'b', authorId: 1 })
    /** Which slugs were tried, and with what end, while the first ones of them are taken. */
    const tried = (taken: number, attempts?: number) =>
      withSession(blog.database, async (session) => {
        const slugs: string[] = []
        const store = async (slug: string) => {
          slugs.push(slug)
          session.add(article(slug))
          if (slugs.length <= taken) session.add(article(slug))
          await session.flush()
          return slug
        }
        const run = () => withFreeSlug(session, 'Hello', store, attempts)
        const end = taken < (attempts ?? 5) ? await run() : await refused(run)
        await session.commit()
        return { slugs, end }
      })
    const stored = async () =>
      (await blog.database.values('SELECT slug FROM articles ORDER BY id')).flat()

    it('is not looked for before: the first attempt writes', async () => {
      blog.database.forget()
      expect(await tried(0)).toEqual({ slugs: ['hello'], end: 'hello' })
      expect(blog.database.statements.filter(({ sql }) => sql.startsWith('SELECT'))).toEqual([])
    })

    it('gets another ending, and everything is done again', async () => {
      const { slugs, end } = await tried(2)
      expect(slugs).toEqual(['hello', ...slugs.slice(1)])
      expect(slugs.slice(1).map((slug) => /^hello-[0-9a-f]{8}$/.test(slug))).toEqual([true, true])
      expect(new Set(slugs).size).toBe(3)
      expect(end).toBe(slugs[2])
    })

    it('leaves nothing behind of an attempt that failed', async () => {
      const { end } = await tried(2)
      expect(await stored()).toEqual([end])
    })

    it('is given up at last', async () => {
      const { slugs, end } = await tried(9, 3)
      expect([slugs.length, await stored()]).toEqual([3, []])
      expect(end).toBeInstanceOf(UniqueViolation)
    })

    it('is the only thing that is tried again, not another unique value', async () => {
      let attempts = 0
      const error = await refused(() =>
        withSession(blog.database, (session) =>
          withFreeSlug(session, 'Hello', async () => {
            attempts++
            session.add(new User({ username: 'alice', email: 'x@example.com', password: 'x' }))
            await session.flush()
          }),
        ),
      )
      expect([attempts, (error as UniqueViolation).columns]).toEqual([1, ['users.username']])
    })

    it('is the only thing that is tried again, not another error', async () => {
      let attempts = 0
      const error = await refused(() =>
        withSession(blog.database, (session) =>
          withFreeSlug(session, 'Hello', () => {
            attempts++
            throw new RangeError('no')
          }),
        ),
      )
      expect([attempts, error]).toEqual([1, new RangeError('no')])
    })
  })

  describe('when many write at once', () => {
    openBefore()

    it('ten articles of one title get ten slugs', async () => {
      const written = await Promise.all(Array.from({ length: 10 }, () => blog.write(alice)))
      const slugs = written.map((article) => article.slug)
      expect(slugs).toContain('hello')
      expect(new Set(slugs).size).toBe(10)
      for (const slug of slugs) expect(slug).toMatch(/^hello(-[0-9a-f]{8})?$/)
    })

    it('a new title that somebody has already gets another slug', async () => {
      await blog.write(alice)
      await blog.write(alice, { title: 'Other' })
      const answer = await blog.ask('PUT', '/api/articles/other', {
        token: alice,
        body: { article: { title: 'Hello', body: 'moved' } },
      })
      expect(answer.status).toBe(200)
      expect(answer.json.article.slug).toMatch(/^hello-[0-9a-f]{8}$/)
      expect(answer.json.article.body).toBe('moved')
    })

    it('new tags that two articles bring are made once', async () => {
      const tagList = ['fresh', 'new']
      const both = await Promise.all([
        blog.write(alice, { title: 'One', tagList }),
        blog.write(alice, { title: 'Two', tagList: tagList.toReversed() }),
      ])
      expect(both.map((article) => article.tagList)).toEqual([tagList, tagList])
      expect((await blog.ask('GET', '/api/tags')).json.tags).toEqual(tagList)
    })

    it('one name that two register belongs to one of them', async () => {
      const user = (email: string) => ({
        body: { user: { username: 'same', email, password: 'long enough' } },
      })
      const answers = await Promise.all([
        blog.ask('POST', '/api/users', user('one@example.com')),
        blog.ask('POST', '/api/users', user('two@example.com')),
      ])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422])
    })
  })

  describe('and so the blog is complete', () => {
    openBefore()

    it('a day in the life of an article', async () => {
      const bob = await blog.register('bob')
      const { slug } = await blog.write(alice, { title: 'A day', tagList: ['sql', 'orm'] })
      await blog.ask('POST', '/api/profiles/alice/follow', { token: bob })
      await blog.ask('POST', `/api/articles/${slug}/favorite`, { token: bob })
      const body = { comment: { body: 'Hi' } }
      await blog.ask('POST', `/api/articles/${slug}/comments`, { token: bob, body })

      const feed = await blog.ask('GET', '/api/articles/feed', { token: bob })
      expect(feed.json.articles).toMatchObject([
        { slug: 'a-day', tagList: ['orm', 'sql'], favorited: true, favoritesCount: 1 },
      ])
      const comments = await blog.ask('GET', `/api/articles/${slug}/comments`)
      expect(comments.json.comments).toMatchObject([{ body: 'Hi', author: { username: 'bob' } }])
      expect((await blog.ask('GET', `/articles/${slug}`)).text).toContain('Hi')

      const path = `/api/articles/${slug}`
      const etag = (await blog.ask('GET', path)).headers.get('etag')!
      const changed = await blog.ask('PUT', path, {
        token: alice,
        headers: { 'if-match': etag },
        body: { article: { title: 'The next day' } },
      })
      expect(changed.json.article.slug).toBe('the-next-day')
      expect((await blog.ask('DELETE', '/api/articles/the-next-day', { token: bob })).status).toBe(
        403,
      )
      expect(
        (await blog.ask('DELETE', '/api/articles/the-next-day', { token: alice })).status,
      ).toBe(204)
      expect((await blog.ask('GET', '/api/articles')).json).toEqual({
        articles: [],
        articlesCount: 0,
      })
    })
  })
})
