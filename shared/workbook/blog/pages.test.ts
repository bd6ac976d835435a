import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { strictLoading } from '#stage/10-blog-app'
import { type Client, openBlog } from '../../../10-blog-app/tests/client.ts'

let blog: Client
// No page loads anything that its handler has not asked for.
beforeAll(() => strictLoading(true))
afterAll(() => strictLoading(false))
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

  test('a long list goes on, there and back, and an empty one says so', async () => {
    const token = await blog.register('carol')
    for (let number = 1; number <= 25; number++)
      await blog.write(token, { title: `Page ${number}` })
    const first = await turn('/authors/carol')
    expect(first.titles[0]).toBe('Page 25')
    const second = await turn(first.next!)
    // Somebody writes meanwhile: no article moves to another page.
    await blog.write(token, { title: 'Page 26' })
    const third = await turn(second.next!)
    expect([first, second, third].flatMap(({ titles }) => titles)).toEqual(
      Array.from({ length: 25 }, (_, i) => `Page ${25 - i}`),
    )
    expect([first.previous, third.next]).toEqual([undefined, undefined])
    expect((await turn(third.previous!)).titles).toEqual(second.titles)
    expect((await blog.ask('GET', '/tags/none')).text).toContain('There is nothing here yet.')
  })

  test('many comments go on as well', async () => {
    const token = await blog.register('carol')
    const path = '/api/articles/what-an-orm-does/comments'
    for (let number = 1; number <= 60; number++)
      await blog.ask('POST', path, { token, body: { comment: { body: `Comment ${number}.` } } })
    const first = await turn('/articles/what-an-orm-does')
    expect(first.text).toContain('Comment 49.')
    const second = await turn(first.next!)
    expect([second.text.includes('Comment 49.'), second.text.includes('Comment 50.')]).toEqual([
      false,
      true,
    ])
  })

  const lost = ['after=x', 'after=W10', 'before=eyJhIjoxfQ', `after=${'A'.repeat(400)}`]
  test.each(lost)('a link that was cut (%s) leads to a page that says so', async (query) => {
    for (const path of ['/', '/articles/what-an-orm-does']) {
      const { status, text } = await blog.ask('GET', `${path}?${query}`)
      expect([status, text.includes('there is no such page')]).toEqual([404, true])
    }
    expect((await blog.ask('GET', '/?after=a&before=b')).status).toBe(422)
  })

  test('what is not there gets a page too, where a browser asks', async () => {
    const headers = { accept: 'text/html,*/*' }
    const page = await blog.ask('GET', '/articles/none', { headers })
    expect([page.status, page.text.includes('there is no such article')]).toEqual([404, true])
    expect((await blog.ask('GET', '/api/articles/none', { headers })).json.errors.body).toEqual([
      'there is no such article',
    ])
  })

  test('a page loads nothing from elsewhere, an error neither', async () => {
    for (const path of ['/', '/articles/none']) {
      const { headers, text } = await blog.ask('GET', path, { headers: { accept: 'text/html' } })
      expect(headers.get('content-security-policy')).toMatch(
        /default-src 'none'.*frame-ancestors 'none'/,
      )
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    }
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

/** A page as its reader sees it: what stands there, and where it leads. */
async function turn(path: string) {
  const { text } = await blog.ask('GET', path)
  const link = (rel: string) => text.match(new RegExp(`rel="${rel}" href="([^"]+)"`))?.[1]
  const titles = [...text.matchAll(/<h2><a [^>]+>([^<]+)/g)].map(([, title]) => title)
  return { text, titles, next: link('next'), previous: link('prev') }
}
