import { beforeEach, describe, expect, test } from 'vitest'
import { SerializationFailure } from '#shared/driver/errors'
import {
  type AsyncSession,
  currentSession,
  blog as models,
  sessionPerRequest,
} from '#stage/10-blog-app'
import { type Client, openBlog } from './client.ts'

const { User } = models

let blog: Client
beforeEach(async () => {
  blog = await openBlog(undefined, { sample: true })
  blog.database.forget()
})

const request = () => new Request('http://blog/')
const rename = async (name: string) => {
  const user = await currentSession().get(User, 1)
  user.bio = name
}
const bio = async () => (await blog.database.values('SELECT bio FROM users WHERE id = 1'))[0]?.[0]
/** Nobody has kept a connection. */
const free = () => blog.database.usage.holders.length

describe('a session per request', () => {
  test('commits before the answer leaves', async () => {
    const serve = sessionPerRequest(blog.database, async () => {
      await rename('changed')
      return new Response('done')
    })
    expect(await (await serve(request())).text()).toBe('done')
    expect([await bio(), free()]).toEqual(['changed', 0])
  })

  test('rolls back when the handler throws, and gives the connection back', async () => {
    const serve = sessionPerRequest(blog.database, async () => {
      await rename('changed')
      await currentSession().flush()
      throw new Error('no')
    })
    await expect(serve(request())).rejects.toThrow('no')
    expect([await bio(), free()]).toEqual(['I like tables.', 0])
  })

  test('rolls back when the answer says that the request failed', async () => {
    const serve = sessionPerRequest(blog.database, async () => {
      await rename('changed')
      await currentSession().flush()
      return new Response('no', { status: 409 })
    })
    expect((await serve(request())).status).toBe(409)
    expect([await bio(), free()]).toEqual(['I like tables.', 0])
  })

  test('an answer does not leave when COMMIT fails', async () => {
    const serve = sessionPerRequest(blog.database, async () => {
      const user = await currentSession().get(User, 1)
      user.email = 'bob@example.com'
      return new Response('done')
    })
    await expect(serve(request())).rejects.toThrow('users.email')
    expect(free()).toBe(0)
  })

  test('a client that hangs up takes everything back', async () => {
    const abort = new AbortController()
    const serve = sessionPerRequest(blog.database, async () => {
      await rename('changed')
      await currentSession().flush()
      abort.abort()
      return new Response('done')
    })
    await expect(serve(new Request('http://blog/', { signal: abort.signal }))).rejects.toThrow()
    expect([await bio(), free()]).toEqual(['I like tables.', 0])
  })

  test('runs the whole request again when it met others, with a fresh session and body', async () => {
    const sessions = new Set<AsyncSession>()
    const bodies: string[] = []
    const serve = sessionPerRequest(blog.database, async (request) => {
      sessions.add(currentSession())
      bodies.push(await request.text())
      if (sessions.size < 3)
        throw new SerializationFailure({ sql: '', parameters: [], cause: undefined })
      await rename('third')
      return new Response('done')
    })
    await serve(new Request('http://blog/', { method: 'POST', body: 'text' }))
    expect([sessions.size, bodies]).toEqual([3, ['text', 'text', 'text']])
    expect(await bio()).toBe('third')
  })

  test('requests that run at the same time have objects of their own', async () => {
    const users: object[] = []
    let goOn = () => {}
    const both = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const serve = sessionPerRequest(blog.database, async () => {
      users.push(await currentSession().get(User, 1))
      if (users.length === 2) goOn()
      await both
      expect(currentSession().contains(users[0] as never)).not.toBe(
        currentSession().contains(users[1] as never),
      )
      return new Response('done')
    })
    await Promise.all([serve(request()), serve(request())])
    expect(users[0]).not.toBe(users[1])
  })

  test('an answer that reads begins no transaction', async () => {
    await blog.ask('GET', '/api/articles')
    expect(blog.database.statements.filter(({ sql }) => sql.startsWith('BEGIN'))).toEqual([])
  })
})
