import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RecordedDatabase, recordAsync } from '#shared/driver/async-recorder'
import { openPostgres } from '#shared/driver/postgres'
import { answerFor, currentSession, blog as models, sessionPerRequest } from '#stage/10-blog-app'
import { type Client, clientOf, openBlog } from '../../../10-blog-app/tests/client.ts'
import { emptySchema, type Schema } from './databases.ts'

// What differs where requests really meet in the database.

let schema: Schema
let small: RecordedDatabase
let blog: Client
let alice: string
let bob: string

beforeAll(async () => {
  schema = await emptySchema()
  blog = await openBlog(openPostgres(schema.url), { sample: true })
  small = recordAsync(openPostgres(schema.url, { max: 1, acquireTimeout: 50 }))
  alice = await blog.register('ann')
  bob = await blog.register('ben')
}, 120_000)

afterAll(async () => {
  await small.close()
  await blog.database.close()
  await schema.drop()
})

const change = (slug: string, body: string, headers: Record<string, string> = {}) =>
  blog.ask('PUT', `/api/articles/${slug}`, { token: alice, headers, body: { article: { body } } })

describe('on PostgreSQL', () => {
  test('the curl lines', async () => {
    expect((await blog.ask('GET', '/posts/')).text).toBe(
      '[{"id":1,"title":"My First Post","author_name":"Alice"},{"id":2,"title":"My Second Post","author_name":"Alice"}]',
    )
    const created = await blog.ask('POST', '/posts/', {
      raw: '{"title": "New from API", "user_id": 1}',
    })
    expect(created.text).toBe('{"id":3,"title":"New from API","author_name":"Alice"}')
  })

  test('a day in the life of an article', async () => {
    const { slug } = await blog.write(alice, { title: 'Life', tagList: ['sql', 'orm'] })
    await blog.ask('POST', '/api/profiles/ann/follow', { token: bob })
    await blog.ask('POST', `/api/articles/${slug}/favorite`, { token: bob })
    await blog.ask('POST', `/api/articles/${slug}/comments`, {
      token: bob,
      body: { comment: { body: 'Hi' } },
    })
    const { json } = await blog.ask('GET', '/api/articles/feed', { token: bob })
    expect(json.articles).toEqual([
      expect.objectContaining({
        slug,
        tagList: ['orm', 'sql'],
        favorited: true,
        favoritesCount: 1,
      }),
    ])
    expect((await blog.ask('GET', `/api/articles/${slug}/comments`)).json.comments).toHaveLength(1)
    expect((await blog.ask('DELETE', `/api/articles/${slug}`, { token: alice })).status).toBe(204)
  })

  test('a taken address names the field', async () => {
    const user = { username: 'other', email: 'ann@example.com', password: 'long enough' }
    const { status, json } = await blog.ask('POST', '/api/users', { body: { user } })
    expect([status, json.errors.email]).toEqual([422, ['is already taken']])
  })

  test('ten articles of one title, with the same new tags, at the same moment', async () => {
    const tagList = ['race one', 'race two']
    const written = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        blog.write(alice, { title: 'Race', tagList: i % 2 ? tagList : tagList.toReversed() }),
      ),
    )
    expect(new Set(written.map((article) => article.slug)).size).toBe(10)
    expect(written.map((article) => article.tagList)).toEqual(written.map(() => tagList))
  })

  test('ten writers who have read the same version: one wins', async () => {
    const { slug } = await blog.write(alice, { title: 'Contested' })
    const etag = (await blog.ask('GET', `/api/articles/${slug}`)).headers.get('etag')!
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => change(slug, `writer ${i}`, { 'if-match': etag })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409 || status === 412)).toHaveLength(9)
  })

  test('a foreign key names its field', async () => {
    const serve = sessionPerRequest(blog.database, async () => {
      currentSession().add(new models.Post({ title: 'Lost', userId: 9999 }))
      return new Response('done')
    })
    const error = await serve(new Request('http://blog/')).catch((error: unknown) => error)
    expect(answerFor(error)).toEqual({
      status: 422,
      errors: {
        body: ['user_id points to something that is not there'],
        user_id: ['points to something that is not there'],
      },
    })
  })

  test('a client that hangs up stops its statement on the server', async () => {
    const abort = new AbortController()
    const serve = sessionPerRequest(blog.database, async () => {
      setTimeout(() => abort.abort(), 20)
      await currentSession().connection.run('SELECT pg_sleep(60)')
      return new Response('done')
    })
    await expect(
      serve(new Request('http://blog/', { signal: abort.signal })),
    ).rejects.toMatchObject({ name: 'AbortError' })
    expect(blog.database.usage.holders).toEqual([])
    const [[running]] = (await blog.database.values(
      "SELECT COUNT(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'",
    )) as [[unknown]]
    expect(Number(running)).toBe(0)
  })

  test('no connection in time is a 503, and afterwards all is well', async () => {
    const narrow = clientOf(small)
    const held = await small.connect()
    const { status, headers, text } = await narrow.ask('GET', '/posts/')
    expect([status, headers.get('retry-after')]).toEqual([503, '1'])
    expect(text).not.toMatch(/holders|in use|\.ts/)
    await held.release()
    expect((await narrow.ask('GET', '/posts/')).status).toBe(200)
  })

  test('numbers, keys and characters that PostgreSQL cannot hold are refused at the door', async () => {
    expect((await blog.ask('GET', '/users/2147483648')).status).toBe(422)
    expect((await blog.ask('GET', '/api/profiles/%00')).status).toBe(422)
    expect((await blog.ask('GET', '/articles/%00')).status).toBe(422)
    expect((await blog.ask('GET', '/api/articles?offset=99999999999999999999')).status).toBe(422)
  })
})
