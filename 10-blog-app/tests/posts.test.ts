import { beforeEach, describe, expect, test } from 'vitest'
import { type Client, openBlog } from './client.ts'

let blog: Client
beforeEach(async () => {
  blog = await openBlog(undefined, { sample: true })
})

describe('posts', () => {
  test('the list, and a new one, as curl sends it', async () => {
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

  test('a user, and nobody', async () => {
    expect((await blog.ask('GET', '/users/1')).json).toEqual({ id: 1, name: 'Alice' })
    expect((await blog.ask('GET', '/users/99')).status).toBe(404)
    expect((await blog.ask('GET', '/posts/99')).status).toBe(404)
  })

  test('a post of nobody names the field', async () => {
    const answer = await blog.ask('POST', '/posts/', { body: { title: 'Lost', user_id: 99 } })
    expect([answer.status, answer.json.errors.user_id]).toEqual([422, ['there is no such user']])
    expect((await blog.ask('GET', '/posts/')).json).toHaveLength(2)
  })

  test('pages: Link leads through all of them, once each', async () => {
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
