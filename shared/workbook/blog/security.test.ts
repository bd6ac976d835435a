import { SignJWT, UnsecuredJWT } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { createTokens } from '#stage/10-blog-app'
import { type Client, openBlog, secret } from '../../../10-blog-app/tests/client.ts'

let blog: Client
let alice: string
let bob: string
beforeEach(async () => {
  blog = await openBlog()
  alice = await blog.register('alice')
  bob = await blog.register('bob')
  await blog.write(alice, { tagList: ['orm'] })
})

describe('who may do what', () => {
  test('nobody changes or deletes the article of another', async () => {
    const body = { article: { body: 'mine now' } }
    expect((await blog.ask('PUT', '/api/articles/hello', { token: bob, body })).status).toBe(403)
    expect((await blog.ask('DELETE', '/api/articles/hello', { token: bob })).status).toBe(403)
    expect((await blog.ask('GET', '/api/articles/hello')).json.article.body).toBe('Hello, world')
  })

  const closed: [string, string][] = [
    ['GET', '/api/user'],
    ['PUT', '/api/user'],
    ['GET', '/api/articles/feed'],
    ['POST', '/api/articles'],
    ['PUT', '/api/articles/hello'],
    ['DELETE', '/api/articles/hello'],
    ['POST', '/api/articles/hello/comments'],
    ['DELETE', '/api/articles/hello/comments/1'],
    ['POST', '/api/articles/hello/favorite'],
    ['DELETE', '/api/articles/hello/favorite'],
    ['POST', '/api/profiles/bob/follow'],
    ['DELETE', '/api/profiles/bob/follow'],
  ]
  test.each(closed)('%s %s needs a token', async (method, path) => {
    const text = { title: 'a', description: 'a', body: 'a' }
    const body = method === 'GET' ? undefined : { article: text, comment: text, user: { bio: 'a' } }
    const { status, headers } = await blog.ask(method, path, { body })
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Token'])
  })

  test('what only the blog decides cannot be written into a body', async () => {
    const { article } = (
      await blog.ask('POST', '/api/articles', {
        token: bob,
        body: {
          article: {
            title: 'Taken over',
            description: 'd',
            body: 'b',
            id: 1,
            slug: 'hello',
            authorId: 1,
            author_id: 1,
            author: { username: 'alice' },
            version: 99,
            createdAt: '2000-01-01T00:00:00Z',
            favoritesCount: 99,
          },
        },
      })
    ).json
    expect(article).toMatchObject({ slug: 'taken-over', favoritesCount: 0 })
    expect(article.author.username).toBe('bob')
    expect(article.createdAt).not.toMatch(/^2000/)

    const user = { id: 1, bio: 'I am Bob', __proto__: { admin: true }, token: 'x' }
    const changed = await blog.ask('PUT', '/api/user', { token: bob, body: { user } })
    expect(changed.json.user).toMatchObject({ username: 'bob', bio: 'I am Bob' })
  })
})

describe('tokens', () => {
  const key = new TextEncoder().encode(secret)
  const claims = (key: Uint8Array, issuer = 'blog') =>
    new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('1')
      .setIssuer(issuer)
      .setExpirationTime('1h')
      .sign(key)
  const forged: Record<string, () => Promise<string> | string> = {
    'of another secret': () => claims(new TextEncoder().encode(`${secret}!`)),
    'of another issuer': () => claims(key, 'elsewhere'),
    'without a signature': () =>
      new UnsecuredJWT().setSubject('1').setIssuer('blog').setExpirationTime('1h').encode(),
    'that never ends': () =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('1')
        .setIssuer('blog')
        .sign(key),
    'that is over': () => createTokens(secret, '-1s').sign({ id: 1 } as never),
    'of a user who is gone': () => createTokens(secret).sign({ id: 999 } as never),
    'that is no token': () => 'x.y.z',
    'that is empty': () => '',
  }
  test.each(Object.keys(forged))(
    'a token %s is refused, also where none is needed',
    async (kind) => {
      const token = await forged[kind]!()
      for (const path of ['/api/user', '/api/articles'])
        expect((await blog.ask('GET', path, { token })).status).toBe(401)
    },
  )

  test('one changed letter is found out', async () => {
    const [head, payload, signature] = alice.split('.')
    const other = Buffer.from(JSON.stringify({ sub: '2', iss: 'blog', exp: 9999999999 }))
    const token = `${head}.${other.toString('base64url')}.${signature}`
    expect(payload).not.toBe(other.toString('base64url'))
    expect((await blog.ask('GET', '/api/user', { token })).status).toBe(401)
  })
})

const attacks = [
  "'; DROP TABLE users; --",
  "' OR '1'='1",
  '1; DELETE FROM articles',
  '" UNION SELECT password FROM users --',
  '%_\\',
  '$1 ? :name @x',
  '\u{1F600} \u202e \u0301',
]

describe('what people type', () => {
  test.each(attacks)('%j is text, wherever it stands', async (attack) => {
    const article = { title: attack, description: attack, body: attack, tagList: [attack] }
    const written = await blog.ask('POST', '/api/articles', { token: alice, body: { article } })
    expect(written.status).toBe(201)
    const text = encodeURIComponent(Buffer.from(attack).toString())
    for (const path of [
      `/api/articles?tag=${text}`,
      `/api/articles?author=${text}`,
      `/api/articles?favorited=${text}`,
    ])
      expect((await blog.ask('GET', path)).status).toBe(200)
    for (const path of [`/api/articles/${text}`, `/api/profiles/${text}`, `/authors/${text}`])
      expect((await blog.ask('GET', path)).status).toBe(404)
    const login = { user: { email: attack, password: attack } }
    expect((await blog.ask('POST', '/api/users/login', { body: login })).status).toBe(401)
    const user = { username: attack, email: attack, password: 'long enough' }
    expect((await blog.ask('POST', '/api/users', { body: { user } })).status).toBe(422)
    expect((await blog.ask('GET', '/api/articles')).json.articlesCount).toBe(2)
  })

  const malformed: [string, string, number][] = [
    ['no JSON', '{"user": ', 400],
    ['nothing', '', 400],
    ['null', 'null', 422],
    ['a list', '[]', 422],
    ['a number', '7', 422],
    ['wrong types', '{"user": {"username": 7, "email": {}, "password": []}}', 422],
    [
      'NUL',
      '{"user": {"username": "a\\u0000b", "email": "a@example.com", "password": "long enough"}}',
      422,
    ],
    ['too much', JSON.stringify({ user: { username: 'a'.repeat(300_000) } }), 413],
    ['too deep', '['.repeat(100_000), 400],
  ]
  test.each(malformed)('a body with %s is refused cleanly', async (_, raw, status) => {
    const answer = await blog.ask('POST', '/api/users', { raw })
    expect(answer.status).toBe(status)
    expect(answer.json.errors.body.length).toBeGreaterThan(0)
    expect(answer.text).not.toMatch(/\bat .*\.ts|SELECT|INSERT|node_modules|sqlite/i)
  })

  test('the fields that are wrong are named', async () => {
    const user = { username: ' ', email: 'nowhere', password: 'short' }
    const { json } = await blog.ask('POST', '/api/users', { body: { user } })
    expect(Object.keys(json.errors).toSorted()).toEqual(['body', 'email', 'password', 'username'])
  })

  const queries = [
    'limit=0',
    'limit=-1',
    'limit=x',
    'limit=0x10',
  'limit=',
  'offset=1.5',
    'offset=-1',
    'limit=1e9',
    'tag=%00',
  ]
  test('more than a hundred are asked for in vain, and an offset beyond the end is an empty list', async () => {
    for (let number = 0; number < 101; number++) await blog.write(alice, { title: `${number}` })
    const most = await blog.ask('GET', '/api/articles?limit=1000')
    expect([most.json.articles.length, most.json.articlesCount]).toEqual([100, 102])
    const none = await blog.ask('GET', '/api/articles?offset=999999999999')
    expect([none.json.articles, none.json.articlesCount]).toEqual([[], 102])
  })

  test.each(queries)('?%s is refused', async (query) => {
    expect((await blog.ask('GET', `/api/articles?${query}`)).status).toBe(422)
  })

  test.each(['0', 'x', '99999999999', '1%27'])('user %s is refused', async (id) => {
    expect((await blog.ask('GET', `/users/${id}`)).status).toBe(422)
  })

  test('a request id from outside is taken when it is one, and no other text', async () => {
    const given = async (id: string) =>
      (await blog.ask('GET', '/health', { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      )
    expect(await given('abc-123')).toBe('abc-123')
    expect(await given('{"level":60}')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('an address that is not there', async () => {
    const { status, json } = await blog.ask('GET', '/api/nothing')
    expect([status, json]).toEqual([404, { errors: { body: ['there is no such address'] } }])
  })
})

describe('mistakes of ours', () => {
  test('tell the client nothing, and the database that is closed is a 503', async () => {
    await blog.database.run('ALTER TABLE tags RENAME TO hidden')
    const broken = await blog.ask('GET', '/api/tags')
    expect([broken.status, broken.json]).toEqual([
      500,
      { errors: { body: ['something went wrong on our side'] } },
    ])
    await blog.database.close()
    const closed = await blog.ask('GET', '/api/user', { token: alice })
    expect([closed.status, closed.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await blog.ask('GET', '/health')).status).toBe(503)
  })
})
