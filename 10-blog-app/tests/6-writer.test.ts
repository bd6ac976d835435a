import { beforeEach, describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  answerFor,
  checkIfMatch,
  currentSession,
  etagOf,
  HttpError,
  blog as models,
  StaleObjectError,
  samplePassword,
  sessionPerRequest,
  withSession,
} from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'
import { refused } from './refused.ts'

const { Article } = models

describe('Task 6: the second writer hears of it', () => {
  describe('an ETag', () => {
    it('names an article and its version, in quotes', () => {
      expect(etagOf({ id: 7, version: 3 })).toMatch(/^"[\x21\x23-\x7e]+"$/)
    })

    it('is another one for another version, and for another article', () => {
      const states = [
        { id: 7, version: 3 },
        { id: 7, version: 4 },
        { id: 8, version: 3 },
        { id: 1, version: 11 },
        { id: 11, version: 1 },
      ]
      expect(new Set(states.map(etagOf)).size).toBe(states.length)
      expect(etagOf({ id: 7, version: 3 })).toBe(etagOf({ id: 7, version: 3 }))
    })
  })

  describe('If-Match', () => {
    const article = Object.assign(
      new Article({ slug: 's', title: 't', description: 'd', body: 'b', authorId: 1 }),
      { id: 7, version: 3 },
    )
    const now = () => etagOf(article)
    const old = () => etagOf({ id: 7, version: 2 })
    const check = (header: string | undefined) => checkIfMatch(header, article)

    it('with the state that is there lets the change through', () => {
      expect(check(now())).toBeUndefined()
    })

    it('with a state that is past is refused: 412, and what to do', () => {
      const error = raised(() => check(old()))
      expect(error).toBeInstanceOf(HttpError)
      expect(error).toMatchObject({
        status: 412,
        errors: { body: [expect.stringMatching(/\w/)] },
      })
    })

    it('that is not sent asks for nothing', () => {
      expect(check(undefined)).toBeUndefined()
    })

    it('with a star fits every state', () => {
      expect(check('*')).toBeUndefined()
    })

    it('may name several states, one of which has to fit', () => {
      expect(check(`${old()}, ${now()}`)).toBeUndefined()
      expect(check(`${old()},${now()}`)).toBeUndefined()
      expect(check(`${now()}, ${old()}`)).toBeUndefined()
      expect(raised(() => check(`${old()}, "other"`))).toBeInstanceOf(HttpError)
    })

    it('that is empty names no state: none fits', () => {
      expect(raised(() => check(''))).toBeInstanceOf(HttpError)
    })

    it('is the whole tag: no part of it, no weak one, none without quotes', () => {
      const bare = now().slice(1, -1)
      for (const header of [bare, `"${bare}0"`, `"x${bare}"`, `W/${now()}`, '"*"'])
        expect(
          raised(() => check(header)),
          header,
        ).toBeInstanceOf(HttpError)
    })
  })

  describe('two writers on one article', () => {
    let blog: Client
    let alice: string
    const path = '/api/articles/what-an-orm-does'
    beforeEach(async () => {
      blog = await openBlog(undefined, { sample: true })
      const user = { email: 'alice@example.com', password: samplePassword }
      alice = (await blog.ask('POST', '/api/users/login', { body: { user } })).json.user.token
    })

    const read = async () => (await blog.ask('GET', path)).headers.get('etag')!
    const stored = () =>
      withSession(blog.database, async (session) => (await session.get(Article, 1)).body)
    const change = (body: string, etag?: string) =>
      blog.ask('PUT', path, {
        token: alice,
        ...(etag !== undefined && { headers: { 'if-match': etag } }),
        body: { article: { body } },
      })

    it('the second one, who quotes the old version, is refused', async () => {
      const etag = await read()
      const first = await change('first', etag)
      expect(first.status).toBe(200)
      const second = await change('second', etag)
      expect([second.status, await stored()]).toEqual([412, 'first'])
    })

    it('the answer to a change says the new version, with which one may go on', async () => {
      const first = await change('first', await read())
      const next = first.headers.get('etag')!
      expect(next).toBe(await read())
      expect((await change('next', next)).status).toBe(200)
    })

    it('a change without If-Match is nobody’s second', async () => {
      await change('first')
      expect([(await change('second')).status, await stored()]).toEqual([200, 'second'])
    })

    it('a change that changes nothing leaves the version as it is', async () => {
      const etag = await read()
      const body = await stored()
      expect((await change(body, etag)).headers.get('etag')).toBe(etag)
    })

    it('an article is deleted in the state that was read, or not at all', async () => {
      const etag = await read()
      const remove = (tag: string) =>
        blog.ask('DELETE', path, { token: alice, headers: { 'if-match': tag } })
      await change('first')
      expect((await remove(etag)).status).toBe(412)
      expect((await remove(await read())).status).toBe(204)
    })

    it('between the reading and the writing of one request, the version column watches', async () => {
      await read()
      const serve = sessionPerRequest(blog.database, async () => {
        const article = await currentSession().get(Article, 1)
        await change('of the other')
        article.body = 'of this one'
        return new Response('done')
      })
      const error = await refused(() => serve(new Request('http://blog/')))
      expect(error).toBeInstanceOf(StaleObjectError)
      expect([answerFor(error).status, await stored()]).toEqual([409, 'of the other'])
    })
  })
})
