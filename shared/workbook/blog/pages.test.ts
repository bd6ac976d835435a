import { beforeEach, describe, expect, test } from 'vitest'
import { type Client, openBlog } from '../../../10-blog-app/tests/client.ts'

let blog: Client
beforeEach(async () => {
  blog = await openBlog(undefined, { sample: true })
})

describe('pages', () => {
  test('the list leads to the article, its author and its tags', async () => {
    const page = await blog.ask('GET', '/')
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    for (const path of ['/articles/what-an-orm-does', '/authors/Alice', '/tags/orm']) {
      expect(page.text).toContain(`href="${path}"`)
      const next = await blog.ask('GET', path)
      expect([next.status, next.text.includes('What an ORM does')]).toEqual([200, true])
    }
    expect((await blog.ask('GET', '/articles/what-an-orm-does')).text).toContain(
      'So that is what it does.',
    )
  })

  test('what people wrote is text on the page, never markup', async () => {
    const evil = `<script>alert(1)</script><img src=x onerror="alert(1)">'&`
    const token = await blog.register('mallory')
    const article = { title: evil, description: evil, body: evil, tagList: ['<b>'] }
    const { slug } = await blog.write(token, article)
    await blog.ask('POST', `/api/articles/${slug}/comments`, {
      token,
      body: { comment: { body: evil } },
    })
    await blog.ask('PUT', '/api/user', { token, body: { user: { bio: evil } } })
    for (const path of ['/', `/articles/${slug}`, '/tags/%3Cb%3E', '/authors/mallory']) {
      const { status, text } = await blog.ask('GET', path)
      expect(status).toBe(200)
      expect(text).toContain('&lt;script&gt;')
      expect(text).not.toMatch(/<script|<img|<b>/)
    }
  })

  test('a long list goes on, and an empty page says so', async () => {
    const token = await blog.register('carol')
    for (let number = 1; number <= 12; number++)
      await blog.write(token, { title: `Page ${number}` })
    const first = (await blog.ask('GET', '/authors/carol')).text
    expect(first).toContain('href="/authors/carol?page=2"')
    const second = (await blog.ask('GET', '/authors/carol?page=2')).text
    expect(second.match(/<h2>/g)).toHaveLength(2)
    expect((await blog.ask('GET', '/tags/none')).text).toContain('There is nothing here yet.')
  })

  test('what is not there gets a page too, where a browser asks', async () => {
    const headers = { accept: 'text/html,*/*' }
    const page = await blog.ask('GET', '/articles/none', { headers })
    expect([page.status, page.text.includes('there is no such article')]).toEqual([404, true])
    expect((await blog.ask('GET', '/api/articles/none', { headers })).json.errors.body).toEqual([
      'there is no such article',
    ])
  })

  test('a page loads nothing from elsewhere', async () => {
    const { headers } = await blog.ask('GET', '/')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('the document of the API names every address, and a page shows it', async () => {
    const { json } = await blog.ask('GET', '/openapi.json')
    const addresses = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`),
    )
    expect(addresses).toHaveLength(23)
    expect(addresses).toContain('delete /api/articles/{slug}/comments/{id}')
    expect((await blog.ask('GET', '/docs')).text).toContain('/openapi.json')
  })
})
