import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AsyncSession, blog as models, withSession } from '#stage/10-blog-app'
import { type Ask, type Client, openBlog } from '../../../10-blog-app/tests/client.ts'
import { operationsOf, pages } from './requests.ts'

const { Article, Comment, Favorite, Follow, Post, Tag, User } = models

interface Blog extends Client {
  readonly alice: string
  readonly bob: string
}

/** Two blogs that differ in the number of their rows alone. */
let few: Blog
let many: Blog
beforeAll(async () => {
  few = await fill(5)
  many = await fill(100)
}, 120_000)
afterAll(async () => {
  await few.database.close()
  await many.database.close()
})

async function fill(count: number): Promise<Blog> {
  const blog = await openBlog()
  const [alice, bob] = [await blog.register('alice'), await blog.register('bob')]
  await withSession(blog.database, async (session) => {
    await addRows(session, count)
    await session.commit()
  })
  return { ...blog, alice, bob }
}

/** Articles by turns, with two tags each; readers who follow Alice; comments and favourites of them all on articles 1 and 2. */
async function addRows(session: AsyncSession, count: number): Promise<void> {
  const authors = await session
    .query(User)
    .orderBy((u) => u.id)
    .all()
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const readers = numbers.map((n) => readerOf(n))
  const tags = numbers.slice(0, 7).map((n) => new Tag({ name: `tag ${n}` }))
  const all = new Tag({ name: 'all' })
  const articles = numbers.map((n) => {
    const author = authors[n % 2 ? 0 : 1]!
    const text = { title: `Article ${n}`, slug: `article-${n}`, description: 'd', body: 'b' }
    const article = new Article({ ...text, author })
    article.tags.add(all, tags[n % tags.length]!)
    session.add(article, new Post({ title: `Post ${n}`, author }))
    return article
  })
  session.add(...readers)
  await session.flush()
  for (const { id } of readers) {
    session.add(
      new Follow({ followerId: id, followedId: 1 }),
      new Follow({ followerId: 2, followedId: id }),
    )
    for (const { id: articleId } of articles.slice(0, 2))
      session.add(
        new Favorite({ userId: id, articleId }),
        new Comment({ body: 'Well said', articleId, authorId: id }),
      )
  }
  session.add(new Follow({ followerId: 2, followedId: 1 }))
}

const readerOf = (n: number) =>
  new User({ username: `reader ${n}`, email: `reader${n}@example.com`, password: 'none' })

/** Who asks, with what body, and how many statements may be sent, BEGIN and COMMIT among them. */
interface Case {
  readonly who?: 'alice' | 'bob'
  readonly body?: object
  readonly at: string
  readonly most: number
}

const text = { title: 'New', description: 'd', body: 'b' }
const person = { email: 'bob@example.com', password: 'long enough' }

/** Every operation; those that write come where nobody misses what they change. */
const budgets: Record<string, Case[]> = {
  'GET /api/articles': [
    { at: '/api/articles?limit=100', most: 5 },
    { at: '/api/articles?limit=100', who: 'bob', most: 8 },
    { at: '/api/articles?tag=all&author=alice&favorited=reader 1', who: 'bob', most: 8 },
  ],
  'GET /api/articles/feed': [{ at: '/api/articles/feed?limit=100', who: 'bob', most: 8 }],
  'GET /api/articles/{slug}': [
    { at: '/api/articles/article-1', most: 4 },
    { at: '/api/articles/article-1', who: 'bob', most: 7 },
  ],
  'GET /api/articles/{slug}/comments': [
    { at: '/api/articles/article-1/comments', most: 3 },
    { at: '/api/articles/article-1/comments', who: 'bob', most: 5 },
  ],
  'GET /api/profiles/{username}': [
    { at: '/api/profiles/alice', most: 1 },
    { at: '/api/profiles/alice', who: 'bob', most: 3 },
  ],
  'GET /api/user': [{ at: '/api/user', who: 'bob', most: 1 }],
  'GET /api/tags': [{ at: '/api/tags', most: 1 }],
  'GET /posts': [{ at: '/posts/?limit=100', most: 2 }],
  'GET /posts/{id}': [{ at: '/posts/1', most: 2 }],
  'GET /users/{id}': [{ at: '/users/1', most: 1 }],
  'GET /': [{ at: '/', most: 4 }],
  'GET /tags/{tag}': [{ at: '/tags/all', most: 3 }],
  'GET /authors/{username}': [{ at: '/authors/alice', most: 3 }],
  'GET /articles/{slug}': [{ at: '/articles/article-1', most: 5 }],
  'POST /api/users': [
    {
      at: '/api/users',
      body: { user: { ...person, username: 'new', email: 'new@x.org' } },
      most: 3,
    },
  ],
  'POST /api/users/login': [{ at: '/api/users/login', body: { user: person }, most: 1 }],
  'PUT /api/user': [{ at: '/api/user', who: 'bob', body: { user: { bio: 'Hi' } }, most: 4 }],
  'POST /api/profiles/{username}/follow': [
    { at: '/api/profiles/bob/follow', who: 'alice', most: 6 },
  ],
  'DELETE /api/profiles/{username}/follow': [
    { at: '/api/profiles/bob/follow', who: 'alice', most: 6 },
  ],
  'POST /api/articles': [{ at: '/api/articles', who: 'alice', body: { article: text }, most: 8 }],
  'PUT /api/articles/{slug}': [
    {
      at: '/api/articles/article-2',
      who: 'bob',
      body: { article: { body: 'Better' } },
      most: 9,
    },
    { at: '/api/articles/article-2', who: 'bob', body: { article: { body: 'Better' } }, most: 6 },
  ],
  'POST /api/articles/{slug}/comments': [
    {
      at: '/api/articles/article-2/comments',
      who: 'bob',
      body: { comment: { body: 'Hi' } },
      most: 5,
    },
  ],
  'DELETE /api/articles/{slug}/comments/{id}': [
    { at: '/api/articles/article-2/comments/LAST', who: 'bob', most: 6 },
  ],
  'POST /api/articles/{slug}/favorite': [
    { at: '/api/articles/article-2/favorite', who: 'bob', most: 9 },
  ],
  'DELETE /api/articles/{slug}/favorite': [
    { at: '/api/articles/article-2/favorite', who: 'bob', most: 9 },
  ],
  'POST /posts': [{ at: '/posts/', body: { title: 'New', user_id: 1 }, most: 4 }],
  'DELETE /api/articles/{slug}': [{ at: '/api/articles/article-2', who: 'bob', most: 6 }],
}

const cases = Object.entries(budgets).flatMap(([name, list]) =>
  list.map((one, i): [string, Case] => [`${name} (${one.who ?? 'anybody'}, ${i + 1})`, one]),
)

describe('how many statements a request takes', () => {
  test.each(cases)(
    '%s: as many on a hundred rows as on five, and no more than it may',
    async (name, { at, who, body, most }) => {
      const method = name.split(' ')[0]!
      const sent = async (blog: Blog) => {
        const ask: Ask = { ...(who && { token: blog[who] }), ...(body && { body }) }
        const path = at.replace('LAST', await lastComment(blog))
        blog.database.forget()
        const { status, text } = await blog.ask(method, path, ask)
        expect(status, text).toBeLessThan(300)
        return blog.database.statements.map(({ sql }) => sql)
      }
      const statements = await sent(many)
      expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(most)
      expect(await sent(few)).toHaveLength(statements.length)
    },
  )

  test('is known of every operation that there is', async () => {
    const { json } = await few.ask('GET', '/openapi.json')
    const names = [...operationsOf(json), ...pages].map(({ method, path }) => `${method} ${path}`)
    expect(Object.keys(budgets).toSorted()).toEqual(names.toSorted())
  })

  test('is the same for one tag and for twenty, but for the rows of the pairs', async () => {
    const twenty = Array.from({ length: 20 }, (_, i) => `t${i}`)
    const sent = async (title: string, tagList: string[]) => {
      many.database.forget()
      await many.write(many.alice, { title, tagList })
      // SQLite takes one prepared statement for each row, which is the fastest way there.
      return many.database.statements.filter(({ sql }) => !/INTO "?articles_tags/.test(sql)).length
    }
    expect(await sent('One', ['x'])).toBe(await sent('Twenty', twenty))
  })
})

/** The comment that Bob has written last. */
async function lastComment({ database }: Blog): Promise<string> {
  const [[id]] = (await database.values('SELECT MAX(id) FROM comments')) as [[unknown]]
  return String(id)
}
