import { gzipSync } from 'node:zlib'
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { createTokens, WeakSecretError } from '#stage/10-blog-app'
import { type Client, openBlog, secret } from '../../../10-blog-app/tests/client.ts'
import { expectCleanRefusal } from './leaks.ts'

let blog: Client
let alice: string
let bob: string
beforeEach(async () => {
  blog = await openBlog()
  alice = await blog.register('alice')
  bob = await blog.register('bob')
  await blog.write(alice, { tagList: ['orm'] })
})

const hello = '/api/articles/hello'
const textOfHello = async () => (await blog.ask('GET', hello)).json.article?.body

describe('who may do what', () => {
  test('nobody changes or deletes the article of another', async () => {
    const body = { article: { body: 'mine now' } }
    expect((await blog.ask('PUT', hello, { token: bob, body })).status).toBe(403)
    expect((await blog.ask('DELETE', hello, { token: bob })).status).toBe(403)
    const headers = { 'if-match': '*' }
    expect((await blog.ask('PUT', hello, { token: bob, headers, body })).status).toBe(403)
    expect(await textOfHello()).toBe('Hello, world')
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
  test.each(closed)('%s %s needs a token, before it looks at the body', async (method, path) => {
    for (const raw of method === 'GET' ? [undefined] : ['{}', '{"user": ', undefined]) {
      const answer = await blog.ask(method, path, raw === undefined ? {} : { raw })
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Token'])
      expectCleanRefusal(answer)
    }
  })
})

describe('what only the blog decides cannot be written into a body', () => {
  /** As a client would write it who hopes for an `Object.assign`. */
  const more = {
    ...{ id: 1, slug: 'hello', author_id: 1, authorId: 1, author: { username: 'alice' } },
    ...{ version: 99, createdAt: '2000-01-01T00:00:00Z', updatedAt: '2000-01-01T00:00:00Z' },
    ...{ favoritesCount: 99, favorited: true, following: true, articleId: 1, token: 'x' },
    ...{ constructor: { prototype: { admin: true } }, isAdmin: true },
  }
  /** JSON can say `__proto__`, where an object literal cannot. */
  const raw = (name: string, fields: object) =>
    JSON.stringify({ [name]: { ...fields, ...more }, id: 1, userId: 1 }).replace(
      '"isAdmin"',
      '"__proto__":{"admin":true},"isAdmin"',
    )

  test('of a new article', async () => {
    const text = { title: 'Taken over', description: 'd', body: 'b' }
    const { json } = await blog.ask('POST', '/api/articles', {
      token: bob,
      raw: raw('article', text),
    })
    expect(json.article).toMatchObject({ slug: 'taken-over', favoritesCount: 0, favorited: false })
    expect(json.article.author).toMatchObject({ username: 'bob', following: false })
    expect(json.article.createdAt).not.toMatch(/^2000/)
    expect(await textOfHello()).toBe('Hello, world')
  })

  test('of one that is changed', async () => {
    const before = (await blog.ask('GET', hello)).json.article
    const body = raw('article', { body: 'Changed' })
    const { status, headers, json } = await blog.ask('PUT', hello, { token: alice, raw: body })
    expect([status, headers.get('etag')]).toEqual([200, '"1-2"'])
    expect({ ...json.article, updatedAt: before.updatedAt }).toEqual({ ...before, body: 'Changed' })
    expect(json.article.updatedAt).not.toMatch(/^2000/)
  })

  test('of a user', async () => {
    const changed = await blog.ask('PUT', '/api/user', {
      token: bob,
      raw: raw('user', { bio: 'Hi' }),
    })
    expect(changed.json.user).toMatchObject({ username: 'bob', bio: 'Hi' })
    const person = { username: 'eve', email: 'eve@example.com', password: 'long enough' }
    const registered = await blog.ask('POST', '/api/users', { raw: raw('user', person) })
    expect(registered.status).toBe(201)
    expect((await blog.ask('GET', '/users/1')).json).toEqual({ id: 1, name: 'alice' })
    expect((await blog.ask('GET', '/users/3')).json).toEqual({ id: 3, name: 'eve' })
  })

  test('of a comment and of a post', async () => {
    const said = await blog.ask('POST', `${hello}/comments`, {
      token: bob,
      raw: raw('comment', { body: 'Hi' }),
    })
    expect(said.json.comment).toMatchObject({ body: 'Hi', author: { username: 'bob' } })
    expect(said.json.comment.createdAt).not.toMatch(/^2000/)
    const post = { title: 'Mine', user_id: 2, id: 77, author_name: 'alice' }
    expect((await blog.ask('POST', '/posts/', { body: post })).json).toEqual({
      ...{ id: 1, title: 'Mine', author_name: 'bob' },
    })
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('tokens', () => {
  const key = new TextEncoder().encode(secret)
  const signed = (alg: string, signer: any, issuer = 'blog', header = {}) =>
    new SignJWT()
      .setProtectedHeader({ alg, ...header })
      .setSubject('1')
      .setIssuer(issuer)
      .setExpirationTime('1h')
      .sign(signer)
  const forged: Record<string, () => Promise<string> | string> = {
    'of another secret': () => signed('HS256', new TextEncoder().encode(`${secret}!`)),
    'of another issuer': () => signed('HS256', key, 'elsewhere'),
    'of another algorithm': () => signed('HS512', key),
    'with a key of its own': async () => {
      const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
      const jwk = await crypto.subtle.exportKey('jwk', publicKey as any)
      return signed('ES256', privateKey, 'blog', { jwk })
    },
    'without a signature': () =>
      new UnsecuredJWT().setSubject('1').setIssuer('blog').setExpirationTime('1h').encode(),
    'that never ends': () =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('1')
        .setIssuer('blog')
        .sign(key),
    'that is over': () => createTokens(secret, '-1s').sign({ id: 1 }),
    'of a user who is gone': () => createTokens(secret).sign({ id: 999 }),
    'of no user': () => createTokens(secret).sign({ id: 'x' as never }),
    'that is no token': () => 'x.y.z',
    'that is empty': () => '',
    'with more behind it': () => `${alice} ${bob}`,
  }
  test.each(Object.keys(forged))(
    'a token %s is refused, also where none is needed',
    async (kind) => {
      const token = await forged[kind]!()
      for (const path of ['/api/user', '/api/articles']) {
        const answer = await blog.ask('GET', path, { token })
        expect(answer.status).toBe(401)
        expectCleanRefusal(answer)
      }
    },
  )

  test('one changed letter is found out', async () => {
    const [head, payload, signature] = alice.split('.')
    const other = Buffer.from(JSON.stringify({ sub: '2', iss: 'blog', exp: 9999999999 }))
    const token = `${head}.${other.toString('base64url')}.${signature}`
    expect(payload).not.toBe(other.toString('base64url'))
    expect((await blog.ask('GET', '/api/user', { token })).status).toBe(401)
  })

  test('a token counts in its header alone', async () => {
    const cookie = { headers: { cookie: `token=${alice}; authorization=Token ${alice}` } }
    expect((await blog.ask('GET', '/api/user', cookie)).status).toBe(401)
    expect((await blog.ask('GET', `/api/user?token=${alice}`)).status).toBe(401)
  })

  test('an answer that holds a token is kept by no cache', async () => {
    const user = { email: 'alice@example.com', password: 'long enough' }
    const answers = [
      await blog.ask('POST', '/api/users/login', { body: { user } }),
      await blog.ask('POST', '/api/users', {
        body: { user: { ...user, username: 'x', email: 'x@example.com' } },
      }),
      await blog.ask('GET', '/api/user', { token: alice }),
    ]
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store')
    expect((await blog.ask('GET', '/api/tags')).headers.get('cache-control')).toBeNull()
  })

  test('a stale token does not keep anybody from logging in', async () => {
    const user = { email: 'alice@example.com', password: 'long enough' }
    const answer = await blog.ask('POST', '/api/users/login', { token: 'x.y.z', body: { user } })
    expect(answer.status).toBe(200)
  })

  test('a secret that can be guessed is refused', () => {
    expect(() => createTokens('secret')).toThrow(WeakSecretError)
    expect(() => createTokens('secret')).toThrow('has 6 characters, and needs 32 at least')
  })
})

describe('bodies', () => {
  const malformed: [string, string, number][] = [
    ['no JSON', '{"user": ', 400],
    ['nothing', '', 400],
    ['a form', 'user=alice&password=x', 400],
    ['packed bytes', gzipSync('{"user": {}}').toString('latin1'), 400],
    ['null', 'null', 422],
    ['a list', '[]', 422],
    ['a number', '7', 422],
    ['infinity', '1e999', 422],
    ['wrong types', '{"user": {"username": 7, "email": {}, "password": []}}', 422],
    [
      'NUL',
      '{"user": {"username": "a\\u0000b", "email": "a@example.com", "password": "long enough"}}',
      422,
    ],
    [
      'half a character',
      '{"user": {"username": "a\\ud800", "email": "a@example.com", "password": "long enough"}}',
      422,
    ],
    ['too much', JSON.stringify({ user: { username: 'a'.repeat(300_000) } }), 413],
    ['much depth', '['.repeat(100_000), 400],
    ['depth that ends', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 422],
    ['depth within', `{"user": ${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`, 422],
    ['many keys', `{${Array.from({ length: 20_000 }, (_, i) => `"${i}":1`).join()}}`, 422],
  ]
  test.each(malformed)('a body with %s is refused cleanly', async (_, raw, status) => {
    const answer = await blog.ask('POST', '/api/users', { raw })
    expect(answer.status).toBe(status)
    expectCleanRefusal(answer)
  })

  test('a long list of tags is refused', async () => {
    const article = { title: 'a', description: 'b', body: 'c', tagList: Array(5000).fill('tag') }
    const answer = await blog.ask('POST', '/api/articles', { token: alice, body: { article } })
    expect([answer.status, Object.keys(answer.json.errors)]).toEqual([422, ['body', 'tagList']])
  })

  test('a length that a client says is believed when it is too large', async () => {
    const headers = { 'content-length': '999999999' }
    expect((await blog.ask('POST', '/api/users', { raw: '{}', headers })).status).toBe(413)
  })

  test('the fields that are wrong are named', async () => {
    const user = { username: ' ', email: 'nowhere', password: 'short' }
    const { json } = await blog.ask('POST', '/api/users', { body: { user } })
    expect(Object.keys(json.errors).toSorted()).toEqual(['body', 'email', 'password', 'username'])
    const empty = await blog.ask('POST', '/api/users', { body: { user: {} } })
    expect(empty.json.errors.email).toEqual(['is missing'])
    const nothing = await blog.ask('POST', '/api/users', { body: { email: 'a@example.com' } })
    expect(nothing.json.errors).toEqual({ body: ['user: is missing'], user: ['is missing'] })
  })

  test.each(['..', '.', '...'])('a name that no link can hold (%s) is refused', async (name) => {
    const user = { username: name, email: 'dots@example.com', password: 'long enough' }
    expect((await blog.ask('POST', '/api/users', { body: { user } })).status).toBe(422)
    const article = { title: 'a', description: 'b', body: 'c', tagList: [name] }
    const written = await blog.ask('POST', '/api/articles', { token: alice, body: { article } })
    expect(written.status).toBe(422)
  })
})

describe('addresses', () => {
  const queries = [
    ...['limit=0', 'limit=-1', 'limit=x', 'limit=0x10', 'limit=', 'limit=1e9', 'limit=1&limit=2'],
    ...['offset=-1', 'offset=1.5', 'offset=99999999999999999999', 'tag=%00', 'tag=a&tag=b'],
  ]
  test.each(queries)('?%s is refused', async (query) => {
    const answer = await blog.ask('GET', `/api/articles?${query}`)
    expect(answer.status).toBe(422)
    expectCleanRefusal(answer)
  })

  test('more than a hundred are asked for in vain, and an offset beyond the end is an empty list', async () => {
    for (let number = 0; number < 101; number++) await blog.write(alice, { title: `${number}` })
    const most = await blog.ask('GET', '/api/articles?limit=1000')
    expect([most.json.articles.length, most.json.articlesCount]).toEqual([100, 102])
    const none = await blog.ask('GET', '/api/articles?offset=999999999999')
    expect([none.json.articles, none.json.articlesCount]).toEqual([[], 102])
  })

  test.each(['0', 'x', '99999999999', '1%27', '1e0', '%201', '0x1'])(
    'user %s is refused',
    async (id) => {
      expect((await blog.ask('GET', `/users/${id}`)).status).toBe(422)
    },
  )

  test('one that is not there, and one that cannot be read', async () => {
    const { status, json } = await blog.ask('GET', '/api/nothing')
    expect([status, json]).toEqual([404, { errors: { body: ['there is no such address'] } }])
    for (const path of ['/api/profiles/%', '/articles/%ff', '/authors/%E0%A4%A'])
      expectCleanRefusal(await blog.ask('GET', path))
  })
})

describe('headers', () => {
  test('a request id from outside is taken when it is one, and no other text', async () => {
    const given = async (id: string) =>
      (await blog.ask('GET', '/health', { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      )
    expect(await given('abc-123')).toBe('abc-123')
    for (const id of ['{"level":60}', 'a b', 'x'.repeat(65), '../../etc', '<b>'])
      expect(await given(id)).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('no header makes another request of one', async () => {
    for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method'])
      await blog.ask('POST', `${hello}/favorite?_method=DELETE`, {
        token: alice,
        headers: { [name]: 'DELETE' },
        body: { _method: 'DELETE' },
      })
    expect((await blog.ask('GET', hello)).json.article.favoritesCount).toBe(1)
    const headers = { 'x-original-url': '/api/user', 'x-rewrite-url': '/api/user' }
    expect((await blog.ask('GET', '/api/tags', { headers })).json).toEqual({ tags: ['orm'] })
  })

  test('no answer repeats the host that a client has made up', async () => {
    await blog.ask('POST', '/posts/', { body: { title: 'One', user_id: 1 } })
    const evil = 'evil.example'
    const headers = { host: evil, 'x-forwarded-host': evil, 'x-forwarded-proto': evil }
    for (const path of [
      '/',
      '/posts/?limit=1',
      '/openapi.json',
      '/docs',
      '/articles/hello',
      '/x',
    ]) {
      const answer = await blog.ask('GET', path, {
        headers: { ...headers, forwarded: `host=${evil}` },
      })
      expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(evil)
    }
  })

  const quotes = ['"', '""', 'W/"1-1"', '1-1', '"1-1', ',,,', '"1-2"', 'NaN', '"*"', '"1-1;"']
  test.each(quotes)('If-Match: %s is not the version that is there', async (quote) => {
    const ask = { token: alice, headers: { 'if-match': quote } }
    const body = { article: { body: 'changed' } }
    expect((await blog.ask('PUT', hello, { ...ask, body })).status).toBe(412)
    expect((await blog.ask('DELETE', hello, ask)).status).toBe(412)
    expect(await textOfHello()).toBe('Hello, world')
  })

  const strange = ['Token', 'Token null', 'Basic YWxpY2U6eA==', 'Digest x', 'Token\tx', ', ,']
  test.each(strange)('Authorization: %s is nobody', async (authorization) => {
    const answer = await blog.ask('GET', '/api/user', { headers: { authorization } })
    expect(answer.status).toBe(401)
    expectCleanRefusal(answer)
  })

  const types = ['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'x', '*/*']
  test.each(types)('what says that it is %s is read as JSON, or refused', async (type) => {
    const headers = { 'content-type': type }
    const raw = '{"title": "Typed", "user_id": 1}'
    expect((await blog.ask('POST', '/posts/', { headers, raw })).status).toBe(201)
    const refused = await blog.ask('POST', '/posts/', { headers, raw: 'title=Typed&user_id=1' })
    expect(refused.status).toBe(400)
    expectCleanRefusal(refused)
  })

  test('other sites may ask the API, which no cookie opens, and nothing else', async () => {
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'PUT' }
    const asked = await blog.ask('OPTIONS', '/api/user', { headers })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    for (const path of ['/api/tags', '/api/nothing'])
      expect(
        (await blog.ask('GET', path, { headers })).headers.get('access-control-allow-origin'),
      ).toBe('*')
    const page = await blog.ask('GET', '/', { headers })
    expect(page.headers.get('access-control-allow-origin')).toBeNull()
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
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
    const html = { headers: { accept: 'text/html' } }
    const page = await blog.ask('GET', '/', html)
    expect([page.status, page.text.includes('something went wrong on our side')]).toEqual([
      500,
      true,
    ])
    expect(page.text).not.toMatch(/tags_|hidden|SELECT|\.ts/)

    await blog.database.close()
    const closed = await blog.ask('GET', '/api/user', { token: alice })
    expect([closed.status, closed.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await blog.ask('GET', '/', html)).text).toContain('try again in a moment')
    expect((await blog.ask('GET', '/health')).status).toBe(503)
  })
})
