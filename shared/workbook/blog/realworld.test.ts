import { beforeEach, describe, expect, test } from 'vitest'
import { type Client, openBlog } from '../../../10-blog-app/tests/client.ts'

let blog: Client
let alice: string
let bob: string

beforeEach(async () => {
  blog = await openBlog()
  alice = await blog.register('alice')
  bob = await blog.register('bob')
})

describe('users', () => {
  test('register, log in, who am I, change myself', async () => {
    const user = { username: 'carol', email: 'Carol@Example.com', password: 'long enough' }
    const registered = await blog.ask('POST', '/api/users', { body: { user } })
    expect(registered.status).toBe(201)
    expect(registered.json).toEqual({
      user: {
        username: 'carol',
        email: 'carol@example.com',
        bio: '',
        image: '',
        token: expect.any(String),
      },
    })

    const login = await blog.ask('POST', '/api/users/login', {
      body: { user: { email: 'carol@example.com', password: 'long enough' } },
    })
    expect(login.status).toBe(200)
    const { token } = login.json.user

    const changed = await blog.ask('PUT', '/api/user', {
      token,
      body: {
        user: { bio: 'I write', image: 'https://example.com/c.png', password: 'another one' },
      },
    })
    expect(changed.status).toBe(200)
    const current = await blog.ask('GET', '/api/user', { token })
    expect(current.json.user).toMatchObject({ bio: 'I write', image: 'https://example.com/c.png' })

    const old = { user: { email: 'carol@example.com', password: 'long enough' } }
    expect((await blog.ask('POST', '/api/users/login', { body: old })).status).toBe(401)
  })

  test('a taken name and a taken address are named', async () => {
    const user = { username: 'alice', email: 'other@example.com', password: 'long enough' }
    const name = await blog.ask('POST', '/api/users', { body: { user } })
    expect(name.status).toBe(422)
    expect(name.json).toEqual({
      errors: { body: ['username is already taken'], username: ['is already taken'] },
    })
    const same = { username: 'other', email: 'alice@example.com', password: 'long enough' }
    const email = await blog.ask('POST', '/api/users', { body: { user: same } })
    expect(email.json.errors.email).toEqual(['is already taken'])
  })

  test('a wrong password and an unknown address get one and the same answer', async () => {
    const wrong = { user: { email: 'alice@example.com', password: 'wrong wrong' } }
    const unknown = { user: { email: 'nobody@example.com', password: 'wrong wrong' } }
    const one = await blog.ask('POST', '/api/users/login', { body: wrong })
    const other = await blog.ask('POST', '/api/users/login', { body: unknown })
    expect([one.status, one.json]).toEqual([401, other.json])
  })

  test('the password is stored as scrypt has made it', async () => {
    const [[stored]] = (await blog.database.values(
      "SELECT password FROM users WHERE username = 'alice'",
    )) as [[string]]
    expect(stored).toMatch(/^scrypt\$1024\$8\$1\$[\w-]+\$[\w-]{43}$/)
    expect(stored).not.toContain('long enough')
  })
})

describe('profiles', () => {
  test('follow and unfollow, twice each', async () => {
    const path = '/api/profiles/bob'
    const before = await blog.ask('GET', path, { token: alice })
    expect(before.json).toEqual({
      profile: { username: 'bob', bio: '', image: '', following: false },
    })
    for (const method of ['POST', 'POST']) {
      const answer = await blog.ask(method, `${path}/follow`, { token: alice })
      expect([answer.status, answer.json.profile.following]).toEqual([200, true])
    }
    expect((await blog.ask('GET', path)).json.profile.following).toBe(false)
    expect((await blog.ask('GET', path, { token: alice })).json.profile.following).toBe(true)
    for (const method of ['DELETE', 'DELETE']) {
      const answer = await blog.ask(method, `${path}/follow`, { token: alice })
      expect([answer.status, answer.json.profile.following]).toEqual([200, false])
    }
  })

  test('nobody of that name, and oneself', async () => {
    expect((await blog.ask('GET', '/api/profiles/nobody')).status).toBe(404)
    const self = await blog.ask('POST', '/api/profiles/alice/follow', { token: alice })
    expect(self.status).toBe(422)
  })
})

describe('articles', () => {
  test('write, read, change, delete', async () => {
    const article = {
      title: 'Ça va, ORM?',
      description: 'A question',
      body: 'Well.',
      tagList: ['sql', 'orm', 'orm'],
    }
    const written = await blog.ask('POST', '/api/articles', { token: alice, body: { article } })
    expect(written.status).toBe(201)
    expect(written.json.article).toEqual({
      slug: 'ca-va-orm',
      title: 'Ça va, ORM?',
      description: 'A question',
      body: 'Well.',
      tagList: ['orm', 'sql'],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      favorited: false,
      favoritesCount: 0,
      author: { username: 'alice', bio: '', image: '', following: false },
    })

    const read = await blog.ask('GET', '/api/articles/ca-va-orm')
    expect([read.status, read.json]).toEqual([200, written.json])

    const changed = await blog.ask('PUT', '/api/articles/ca-va-orm', {
      token: alice,
      body: { article: { title: 'It goes', body: 'Fine.' } },
    })
    expect(changed.status).toBe(200)
    expect(changed.json.article).toMatchObject({ slug: 'it-goes', title: 'It goes', body: 'Fine.' })
    expect((await blog.ask('GET', '/api/articles/ca-va-orm')).status).toBe(404)

    const gone = await blog.ask('DELETE', '/api/articles/it-goes', { token: alice })
    expect([gone.status, gone.text]).toEqual([204, ''])
    expect((await blog.ask('GET', '/api/articles/it-goes')).status).toBe(404)
  })

  test('lists: newest first, by tag, by author, by favourite, in slices', async () => {
    for (const number of [1, 2, 3])
      await blog.write(number === 2 ? bob : alice, {
        title: `Article ${number}`,
        tagList: number === 1 ? ['first'] : [],
      })
    await blog.ask('POST', '/api/articles/article-3/favorite', { token: bob })
    const slugs = async (query: string) => {
      const { json } = await blog.ask('GET', `/api/articles${query}`)
      return [json.articles.map((article: any) => article.slug), json.articlesCount]
    }
    expect(await slugs('')).toEqual([['article-3', 'article-2', 'article-1'], 3])
    expect(await slugs('?tag=first')).toEqual([['article-1'], 1])
    expect(await slugs('?author=bob')).toEqual([['article-2'], 1])
    expect(await slugs('?favorited=bob')).toEqual([['article-3'], 1])
    expect(await slugs('?limit=1&offset=1')).toEqual([['article-2'], 3])
    expect(await slugs('?tag=nothing')).toEqual([[], 0])
    const { json } = await blog.ask('GET', '/api/articles')
    expect(json.articles[0]).not.toHaveProperty('body')
  })

  test('the feed holds the articles of those whom I follow', async () => {
    await blog.write(alice, { title: 'Of Alice' })
    await blog.write(bob, { title: 'Of Bob' })
    expect((await blog.ask('GET', '/api/articles/feed', { token: alice })).json).toEqual({
      articles: [],
      articlesCount: 0,
    })
    await blog.ask('POST', '/api/profiles/bob/follow', { token: alice })
    const { json } = await blog.ask('GET', '/api/articles/feed', { token: alice })
    expect(json.articles.map((article: any) => article.title)).toEqual(['Of Bob'])
    expect(json.articles[0].author.following).toBe(true)
    expect((await blog.ask('GET', '/api/articles/feed')).status).toBe(401)
  })

  test('favourites are counted once for each user', async () => {
    await blog.write(alice)
    const path = '/api/articles/hello/favorite'
    for (const token of [bob, bob, alice]) await blog.ask('POST', path, { token })
    const { article } = (await blog.ask('GET', '/api/articles/hello', { token: bob })).json
    expect([article.favorited, article.favoritesCount]).toEqual([true, 2])
    const left = await blog.ask('DELETE', path, { token: bob })
    expect(left.json.article).toMatchObject({ favorited: false, favoritesCount: 1 })
  })

  test('tags are those that stand on an article', async () => {
    await blog.write(alice, { tagList: ['b', 'a'] })
    expect((await blog.ask('GET', '/api/tags')).json).toEqual({ tags: ['a', 'b'] })
    await blog.ask('DELETE', '/api/articles/hello', { token: alice })
    expect((await blog.ask('GET', '/api/tags')).json).toEqual({ tags: [] })
  })
})

describe('comments', () => {
  test('write, list, delete', async () => {
    await blog.write(alice)
    const path = '/api/articles/hello/comments'
    const said = await blog.ask('POST', path, { token: bob, body: { comment: { body: 'Hi' } } })
    expect(said.status).toBe(200)
    expect(said.json.comment).toEqual({
      id: expect.any(Number),
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      body: 'Hi',
      author: { username: 'bob', bio: '', image: '', following: false },
    })
    expect((await blog.ask('GET', path)).json.comments).toEqual([said.json.comment])

    const one = `${path}/${said.json.comment.id}`
    expect((await blog.ask('DELETE', one, { token: alice })).status).toBe(403)
    expect((await blog.ask('DELETE', one, { token: bob })).status).toBe(204)
    expect((await blog.ask('DELETE', one, { token: bob })).status).toBe(404)
  })

  test('a comment is deleted under its own article alone', async () => {
    await blog.write(alice, { title: 'One' })
    await blog.write(alice, { title: 'Two' })
    const body = { comment: { body: 'Hi' } }
    const { json } = await blog.ask('POST', '/api/articles/one/comments', { token: bob, body })
    const path = `/api/articles/two/comments/${json.comment.id}`
    expect((await blog.ask('DELETE', path, { token: bob })).status).toBe(404)
  })
})
