import { beforeEach, describe, expect, test } from 'vitest'
import { answerFor, currentSession, blog as models, sessionPerRequest } from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'

let blog: Client
let alice: string
beforeEach(async () => {
  blog = await openBlog()
  alice = await blog.register('alice')
})

const change = (body: string, headers: Record<string, string> = {}) =>
  blog.ask('PUT', '/api/articles/hello', { token: alice, headers, body: { article: { body } } })

describe('two writers on one article', () => {
  test('the second one, who quotes the old version, is refused', async () => {
    await blog.write(alice)
    const etag = (await blog.ask('GET', '/api/articles/hello')).headers.get('etag')!
    const first = await change('first', { 'if-match': etag })
    expect(first.status).toBe(200)
    expect(first.headers.get('etag')).not.toBe(etag)
    const second = await change('second', { 'if-match': etag })
    expect(second.status).toBe(412)
    expect((await blog.ask('GET', '/api/articles/hello')).json.article.body).toBe('first')
    const remove = { token: alice, headers: { 'if-match': etag } }
    expect((await blog.ask('DELETE', '/api/articles/hello', remove)).status).toBe(412)
    expect((await change('third', { 'if-match': first.headers.get('etag')! })).status).toBe(200)
  })

  test('who read before the other wrote, and writes after, gets 409', async () => {
    await blog.write(alice)
    const serve = sessionPerRequest(blog.database, async () => {
      const article = await currentSession().get(models.Article, 1)
      await change('of the other')
      article.body = 'of this one'
      return new Response('done')
    })
    const error = await serve(new Request('http://blog/')).catch((error: unknown) => error)
    expect(answerFor(error).status).toBe(409)
    expect((await blog.ask('GET', '/api/articles/hello')).json.article.body).toBe('of the other')
  })
})

describe('slugs', () => {
  test('ten articles of one title at the same moment get ten slugs', async () => {
    const written = await Promise.all(Array.from({ length: 10 }, () => blog.write(alice)))
    const slugs = written.map((article) => article.slug)
    expect(slugs).toContain('hello')
    expect(new Set(slugs).size).toBe(10)
    for (const slug of slugs) expect(slug).toMatch(/^hello(-[0-9a-f]{8})?$/)
  })

  test('a new title that somebody has already gets another slug', async () => {
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

  test('no article takes the address of the feed, nor an empty one', async () => {
    expect((await blog.write(alice, { title: 'Feed' })).slug).toMatch(/^feed-/)
    expect((await blog.write(alice, { title: '!?' })).slug).toMatch(/^article-/)
  })

  test('new tags that two articles bring at the same moment are made once', async () => {
    const tagList = ['fresh', 'new']
    const both = await Promise.all([
      blog.write(alice, { title: 'One', tagList }),
      blog.write(alice, { title: 'Two', tagList: tagList.toReversed() }),
    ])
    expect(both.map((article) => article.tagList)).toEqual([tagList, tagList])
    expect((await blog.ask('GET', '/api/tags')).json.tags).toEqual(tagList)
  })

  test('one name that two register at the same moment belongs to one of them', async () => {
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
