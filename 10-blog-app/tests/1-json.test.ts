import { beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  type AsyncSession,
  articleJson,
  commentJson,
  blog as models,
  NotLoadedError,
  postJson,
  profileJson,
  summaryJson,
  userJson,
  type Viewing,
  withSession,
} from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'

const { Article, Comment, Post, User } = models

let blog: Client
beforeEach(async () => {
  blog = await openBlog(undefined, { sample: true })
})

/** Lets a session read something, and forgets what it has sent for that. */
const read = <T>(work: (session: AsyncSession) => Promise<T>): Promise<T> =>
  withSession(blog.database, async (session) => {
    const found = await work(session)
    blog.database.forget()
    return found
  })

const nobody: Viewing = { following: new Set(), favorited: new Set(), favoritesCount: new Map() }
/** Another day than the one on which it was written. */
const changed = new Date('2026-02-01T10:00:00.000Z')
const firstArticle = (session: AsyncSession) =>
  session.get(Article, 1, { with: { author: true, tags: true } })

describe('Task 1: objects to JSON', () => {
  it('a post has the name of its author, and no object', async () => {
    const post = await read((session) => session.get(Post, 1, { with: { author: true } }))
    expect(postJson(post)).toEqual({ id: 1, title: 'My First Post', author_name: 'Alice' })
  })

  describe('a user', () => {
    it('to everybody: neither address nor password', async () => {
      const alice = await read((session) => session.get(User, 1))
      expect(profileJson(alice, nobody)).toEqual({
        username: 'Alice',
        bio: 'I like tables.',
        image: '',
        following: false,
      })
    })

    it('to somebody who follows them, and to somebody who follows others', async () => {
      const alice = await read((session) => session.get(User, 1))
      expect(profileJson(alice, { following: new Set([2, 1]) }).following).toBe(true)
      expect(profileJson(alice, { following: new Set([2]) }).following).toBe(false)
    })

    it('to themselves: with a token, and never with the password', async () => {
      const bob = await read((session) => session.get(User, 2))
      expect(userJson(bob, 'abc')).toEqual({
        email: 'bob@example.com',
        token: 'abc',
        username: 'Bob',
        bio: 'I like Alice.',
        image: '',
      })
    })
  })

  describe('an article', () => {
    it('in a list: all but its text', async () => {
      const article = await read(firstArticle)
      article.updatedAt = changed
      expect(summaryJson(article, nobody)).toEqual({
        slug: 'what-an-orm-does',
        title: 'What an ORM does',
        description: 'Objects on one side, rows on the other',
        tagList: ['orm', 'sql'],
        createdAt: '2026-01-05T09:00:00.000Z',
        updatedAt: '2026-02-01T10:00:00.000Z',
        favorited: false,
        favoritesCount: 0,
        author: { username: 'Alice', bio: 'I like tables.', image: '', following: false },
      })
    })

    it('alone: with its text', async () => {
      const article = await read(firstArticle)
      expect(articleJson(article, nobody)).toEqual({
        ...summaryJson(article, nobody),
        body: article.body,
      })
    })

    it('has its tags in the order of the alphabet, whatever order they came in', async () => {
      const article = await read(async (session) => {
        const tags = ['z', 'b', 'a'].map((name) => new models.Tag({ name }))
        const found = await firstArticle(session)
        found.tags.add(...tags)
        await session.commit()
        return found
      })
      expect(summaryJson(article, nobody).tagList).toEqual(['a', 'b', 'orm', 'sql', 'z'])
    })

    it('as its reader sees it', async () => {
      const article = await read(firstArticle)
      const viewing: Viewing = {
        following: new Set([article.authorId]),
        favorited: new Set([article.id]),
        favoritesCount: new Map([[article.id, 7]]),
      }
      expect(summaryJson(article, viewing)).toMatchObject({
        favorited: true,
        favoritesCount: 7,
        author: { following: true },
      })
    })

    it('is a favourite by its own id, and followed by that of its author', async () => {
      const third = { with: { author: true, tags: true } } as const
      const article = await read((session) => session.get(Article, 3, third))
      const viewing: Viewing = {
        following: new Set([3]),
        favorited: new Set([article.authorId]),
        favoritesCount: new Map([[article.authorId, 3]]),
      }
      expect(summaryJson(article, viewing)).toMatchObject({
        favorited: false,
        favoritesCount: 0,
        author: { following: false },
      })
    })
  })

  it('a comment has its author, and not its article', async () => {
    const comment = await read((session) => session.get(Comment, 1, { with: { author: true } }))
    comment.updatedAt = changed
    expect(commentJson(comment, { following: new Set([2]) })).toEqual({
      id: 1,
      createdAt: comment.createdAt.toISOString(),
      updatedAt: '2026-02-01T10:00:00.000Z',
      body: 'So that is what it does.',
      author: { username: 'Bob', bio: 'I like Alice.', image: '', following: true },
    })
  })

  it('is plain: what JSON.parse gives back is the same', async () => {
    const json = articleJson(await read(firstArticle), nobody)
    expect(JSON.parse(JSON.stringify(json))).toStrictEqual(json)
  })

  it('sends nothing', async () => {
    const [article, comments] = await read(async (session) => [
      await firstArticle(session),
      await session.query(Comment).with({ author: true }).all(),
    ])
    articleJson(article, nobody)
    comments.map((comment) => commentJson(comment, nobody))
    expect(blog.database).toHaveSentCount(0)
  })

  it('takes only what is loaded: nothing else compiles, and nothing else is sent for', async () => {
    const [post, article] = await read(async (session) => [
      await session.get(Post, 1),
      await session.get(Article, 1),
    ])
    // @ts-expect-error its author may still be in the database
    expect(raised(() => postJson(post))).toBeInstanceOf(NotLoadedError)
    // @ts-expect-error and so may the author and the tags of this one
    expect(raised(() => summaryJson(article, nobody))).toBeInstanceOf(NotLoadedError)
    expect(blog.database).toHaveSentCount(0)
  })
})
