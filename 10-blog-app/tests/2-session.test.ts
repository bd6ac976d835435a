import { beforeEach, describe, expect, it } from 'vitest'
import { SerializationFailure, UniqueViolation } from '#shared/driver/errors'
import {
  type AsyncSession,
  currentSession,
  blog as models,
  SessionClosedError,
  sessionPerRequest,
} from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'
import { refused } from './refused.ts'

const { User } = models

let blog: Client
beforeEach(async () => {
  blog = await openBlog(undefined, { sample: true })
  blog.database.forget()
})

const request = (signal?: AbortSignal) => new Request('http://blog/', { ...(signal && { signal }) })
const changeBio = async (text: string) => {
  const user = await currentSession().get(User, 1)
  user.bio = text
}
/** What is stored, and how many connections somebody has kept. */
const outcome = async () => {
  const [[bio] = []] = await blog.database.values('SELECT bio FROM users WHERE id = 1')
  return { bio, connections: blog.database.usage.holders.length }
}
const unchanged = { bio: 'I like tables.', connections: 0 }

describe('Task 2: one session per request', () => {
  describe('when all went well', () => {
    it('commits before the answer leaves', async () => {
      const serve = sessionPerRequest(blog.database, async () => {
        await changeBio('changed')
        return new Response('done')
      })
      expect(await (await serve(request())).text()).toBe('done')
      expect(await outcome()).toEqual({ bio: 'changed', connections: 0 })
    })

    it('commits also when the answer says where to go on', async () => {
      const serve = sessionPerRequest(blog.database, async () => {
        await changeBio('changed')
        return new Response(null, { status: 303, headers: { location: '/' } })
      })
      expect((await serve(request())).status).toBe(303)
      expect(await outcome()).toEqual({ bio: 'changed', connections: 0 })
    })

    it('closes the session', async () => {
      let session: AsyncSession | undefined
      const serve = sessionPerRequest(blog.database, () => {
        session = currentSession()
        return new Response('done')
      })
      await serve(request())
      expect(await refused(async () => session?.get(User, 1))).toBeInstanceOf(SessionClosedError)
    })

    it('begins no transaction for a request that only reads', async () => {
      const serve = sessionPerRequest(blog.database, async () =>
        Response.json((await currentSession().get(User, 1)).username),
      )
      expect(await (await serve(request())).json()).toBe('Alice')
      expect(blog.database).toHaveSent(['SELECT users'])
    })
  })

  describe('takes everything back', () => {
    it('when the handler throws', async () => {
      const serve = sessionPerRequest(blog.database, async () => {
        await changeBio('changed')
        await currentSession().flush()
        throw new RangeError('no')
      })
      expect(await refused(() => serve(request()))).toBeInstanceOf(RangeError)
      expect(await outcome()).toEqual(unchanged)
    })

    it.each([400, 409, 500])('when the answer is a %i', async (status) => {
      const serve = sessionPerRequest(blog.database, async () => {
        await changeBio('changed')
        await currentSession().flush()
        return new Response('no', { status })
      })
      expect((await serve(request())).status).toBe(status)
      expect(await outcome()).toEqual(unchanged)
    })

    it('when COMMIT fails, and then no answer leaves', async () => {
      const serve = sessionPerRequest(blog.database, async () => {
        const user = await currentSession().get(User, 1)
        user.email = 'bob@example.com'
        return new Response('done')
      })
      expect(await refused(() => serve(request()))).toBeInstanceOf(UniqueViolation)
      expect(await outcome()).toEqual(unchanged)
    })

    it('when the client hangs up', async () => {
      const abort = new AbortController()
      const serve = sessionPerRequest(blog.database, async () => {
        await changeBio('changed')
        await currentSession().flush()
        abort.abort()
        return new Response('done')
      })
      await refused(() => serve(request(abort.signal)))
      expect(await outcome()).toEqual(unchanged)
    })
  })

  describe('when requests meet', () => {
    it('each has objects of its own', async () => {
      const users: object[] = []
      const { promise: both, resolve: goOn } = gate()
      const serve = sessionPerRequest(blog.database, async () => {
        users.push(await currentSession().get(User, 1))
        if (users.length === 2) goOn()
        await both
        return new Response('done')
      })
      await Promise.all([serve(request()), serve(request())])
      expect(users[0]).toBeInstanceOf(User)
      expect(users[0]).not.toBe(users[1])
    })

    it('what one has changed and not committed, the other does not see', async () => {
      const { promise: changed, resolve: hasChanged } = gate()
      const { promise: seen, resolve: hasSeen } = gate()
      const writer = sessionPerRequest(blog.database, async () => {
        await changeBio('not yet')
        hasChanged()
        await seen
        return new Response('done')
      })
      const reader = sessionPerRequest(blog.database, async () =>
        Response.json((await currentSession().get(User, 1)).bio),
      )
      const written = writer(request())
      await changed
      expect(await (await reader(request())).json()).toBe('I like tables.')
      hasSeen()
      await written
      expect((await outcome()).bio).toBe('not yet')
    })

    it('runs the whole request again, with a fresh session and a fresh body', async () => {
      const sessions = new Set<AsyncSession>()
      const bodies: string[] = []
      const serve = sessionPerRequest(blog.database, async (request) => {
        sessions.add(currentSession())
        bodies.push(await request.text())
        await changeBio(`attempt ${sessions.size}`)
        if (sessions.size < 3) throw conflict()
        return new Response('done')
      })
      await serve(new Request('http://blog/', { method: 'POST', body: 'text' }))
      expect([sessions.size, bodies]).toEqual([3, ['text', 'text', 'text']])
      expect(await outcome()).toEqual({ bio: 'attempt 3', connections: 0 })
    })

    it('gives up at last', async () => {
      let attempts = 0
      const serve = sessionPerRequest(blog.database, () => {
        attempts++
        throw conflict()
      })
      expect(await refused(() => serve(request()))).toBeInstanceOf(SerializationFailure)
      expect(attempts).toBe(5)
    })

    it('runs once what failed for another reason', async () => {
      let attempts = 0
      const serve = sessionPerRequest(blog.database, () => {
        attempts++
        throw new RangeError('no')
      })
      await refused(() => serve(request()))
      expect(attempts).toBe(1)
    })
  })

  describe('and so the first addresses answer', () => {
    it('GET and POST /posts/, as curl sends them', async () => {
      expect((await blog.ask('GET', '/posts/')).text).toBe(
        '[{"id":1,"title":"My First Post","author_name":"Alice"},{"id":2,"title":"My Second Post","author_name":"Alice"}]',
      )
      const created = await blog.ask('POST', '/posts/', {
        raw: '{"title": "New from API", "user_id": 1}',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      expect(created.text).toBe('{"id":3,"title":"New from API","author_name":"Alice"}')
      expect(created.status).toBe(201)
      expect((await blog.ask('GET', '/posts/3')).json).toEqual(created.json)
      expect((await blog.ask('GET', '/posts')).json).toHaveLength(3)
    })

    it('Link leads through all pages of posts, once each', async () => {
      for (let number = 3; number <= 7; number++)
        await blog.ask('POST', '/posts/', { body: { title: `Post ${number}`, user_id: 2 } })
      const ids: number[] = []
      let path: string | undefined = '/posts/?limit=3'
      while (path) {
        const page = await blog.ask('GET', path)
        ids.push(...page.json.map((post: any) => post.id))
        path = page.headers.get('link')?.match(/<(.*)>; rel="next"/)?.[1]
      }
      expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7])
    })
  })
})

const conflict = () => new SerializationFailure({ sql: '', parameters: [], cause: undefined })

/** A promise that somebody else fulfils. */
function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
