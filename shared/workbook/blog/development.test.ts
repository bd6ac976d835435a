import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSampleData, createApp, migrateBlog, serve } from '#stage/10-blog-app'
import { type Client, clientOf, passwords, secret } from '../../../10-blog-app/tests/client.ts'
import { recordAsync } from '../../driver/async-recorder.ts'
import { type PostgresServer, startPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'
import { findBrowser, noBrowser } from '../browser.ts'

// What the blog shows to those who write it, and to nobody else.

async function openBlog(more: Parameters<typeof clientOf>[1], open = openSqliteAsync()) {
  const database = recordAsync(open)
  await migrateBlog(database)
  await addSampleData(database, passwords)
  database.forget()
  return clientOf(database, more)
}

const environment = process.env.NODE_ENV
afterEach(() => {
  process.env.NODE_ENV = environment
})

describe('in development', () => {
  let blog: Client
  beforeEach(async () => {
    blog = await openBlog({ development: true })
  })
  afterEach(() => blog.database.close())

  const lensOf = async (path: string) => {
    const { headers } = await blog.ask('GET', path)
    return (await blog.ask('GET', headers.get('x-lens')!)).text
  }

  test('each page has a toolbar, with the statements of its request and the lines that asked', async () => {
    for (const path of ['/', '/articles/what-an-orm-does', '/tags/orm', '/authors/Alice']) {
      const { text, headers } = await blog.ask('GET', path)
      const sent = Number(headers.get('server-timing')?.match(/desc="(\d+) statements"/)?.[1])
      expect(sent).toBeGreaterThan(0)
      expect(text).toContain(`<strong>${sent} statements</strong>`)
      expect(text).toMatch(/10-blog-app\/(solution|starter)\/app\/[\w/-]+\.ts:\d+/)
      expect(text).not.toContain('an unknown line')
      expect(text).not.toContain('N+1')
    }
  })

  test('the toolbar stands in the page once, and the page is whole', async () => {
    const { text } = await blog.ask('GET', '/')
    expect(text.match(/<orm-toolbar>/g)).toHaveLength(1)
    expect(text.trim().endsWith('</html>')).toBe(true)
  })

  test('the plans are asked for on a click, and not for the page itself', async () => {
    blog.database.forget()
    const { text, headers } = await blog.ask('GET', '/')
    const link = headers.get('x-lens')!
    expect(text).toContain(`href="${link}"`)
    expect(blog.database.statements.some(({ sql }) => sql.startsWith('EXPLAIN'))).toBe(false)

    const look = await blog.ask('GET', link)
    expect(look.status).toBe(200)
    expect(look.text).toMatch(/<dt>plan<\/dt>/)
    expect(look.text).toContain('SEARCH')
    expect(blog.database.statements.some(({ sql }) => sql.startsWith('EXPLAIN'))).toBe(true)
  })

  test('answers of the API are looked at too, and stay what they are', async () => {
    const plain = await openBlog({})
    const [seen, usual] = [await blog.ask('GET', '/api/tags'), await plain.ask('GET', '/api/tags')]
    expect(seen.text).toBe(usual.text)
    const { text } = await blog.ask('GET', seen.headers.get('x-lens')!)
    expect(text).toContain('GET /api/tags')
    expect(text).toMatch(/app\/api\/tags\.ts:\d+/)
    await plain.database.close()
  })

  test('a request that has failed is there as well', async () => {
    await blog.ask('GET', '/articles/none')
    const { text } = await blog.ask('GET', '/lens')
    expect(text).toContain('GET /articles/none')
    expect(text).toContain('failed')
  })

  test('requests at the same time are kept apart', async () => {
    const paths = ['/', '/api/tags', '/tags/orm', '/api/articles', '/articles/what-an-orm-does']
    const alone = []
    for (const path of paths) alone.push((await blog.ask('GET', path)).headers.get('server-timing'))
    const together = await Promise.all(paths.map((path) => blog.ask('GET', path)))
    const countOf = (timing: string | null) => timing?.match(/desc="(.*)"/)?.[1]
    expect(together.map(({ headers }) => countOf(headers.get('server-timing')))).toEqual(
      alone.map(countOf),
    )
  })

  test('a title that is markup is text in the lens too', async () => {
    await blog.ask('GET', `/tags/${encodeURIComponent('<script>alert(1)</script>')}`)
    expect((await blog.ask('GET', '/lens')).text).not.toContain('<script')
    expect(await lensOf(`/?q=${encodeURIComponent('"><script>')}`)).not.toContain('<script')
  })

  test('only the last requests are remembered', async () => {
    for (let i = 0; i < 60; i++) await blog.ask('GET', '/api/tags')
    expect((await blog.ask('GET', '/lens')).text.match(/<li class="entry">/g)).toHaveLength(50)
    expect((await blog.ask('GET', '/lens/1')).status).toBe(404)
    expect((await blog.ask('GET', '/lens/60')).status).toBe(200)
  })
})

describe('otherwise', () => {
  const expectNothing = async (blog: Client) => {
    const page = await blog.ask('GET', '/')
    expect(page.text).not.toMatch(/orm-toolbar|\/lens|SELECT/)
    expect([...page.headers.keys()]).not.toEqual(expect.arrayContaining(['x-lens']))
    expect(page.headers.has('server-timing')).toBe(false)
    for (const path of ['/lens', '/lens/1']) expect((await blog.ask('GET', path)).status).toBe(404)
    await blog.database.close()
  }

  test('nothing of it is there', async () => {
    await expectNothing(await openBlog({}))
  })

  test('nor in production, whatever the program says', async () => {
    process.env.NODE_ENV = 'production'
    await expectNothing(await openBlog({ development: true }))
  })
})

describe('on PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => server?.stop())

  test('the plans say what was expected and what was counted', async () => {
    const url = new URL(server.url)
    url.searchParams.set('options', '-c search_path=blog_lens')
    const database = openPostgres(url.href)
    await database.run('CREATE SCHEMA IF NOT EXISTS blog_lens')
    try {
      const blog = await openBlog({ development: true }, database)
      const { headers } = await blog.ask('GET', '/')
      const { text } = await blog.ask('GET', headers.get('x-lens')!)
      expect(text).toMatch(/rows? \(\d+ expected\) · \d+ pages? · [\d.]+ ms/)
    } finally {
      await database.run('DROP SCHEMA blog_lens CASCADE')
      await database.close()
    }
  })
})

describe('the page of the API', () => {
  test('shows every address, what is sent and what comes back, without a script', async () => {
    const blog = await openBlog({})
    const { json } = await blog.ask('GET', '/openapi.json')
    const { text, headers } = await blog.ask('GET', '/docs')
    for (const path of Object.keys(json.paths)) expect(text).toContain(`<code>${path}</code>`)
    expect(text.match(/<details class="operation">/g)).toHaveLength(23)
    expect(text).toContain('&quot;tagList?&quot;: [')
    expect(text).toContain('curl -X POST')
    expect(text).toContain('integer, else 20')
    expect(text).not.toContain('anything')
    expect(text).not.toMatch(/<script|(?:src|href)="(?:https?:)?\/\//)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    await blog.database.close()
  })
})

const path = findBrowser()

if (path) describe('in a browser', { timeout: 120_000 }, () => testIn(path))
else
  test('NOTHING was tested in a browser: there is none on this machine', () => {
    if (process.env.CI) throw new Error(noBrowser)
    console.warn(`\n⚠ ${noBrowser}\n`)
  })

function testIn(executablePath: string) {
  let browser: Browser
  let page: Page
  let url: string
  let stop: () => Promise<unknown>
  const complaints: string[] = []
  beforeAll(async () => {
    const database = openSqliteAsync()
    await migrateBlog(database)
    await addSampleData(database, passwords)
    const server = await serve(createApp({ database, secret, development: true }), 0)
    url = server.url
    stop = () => server.drain().then(() => database.close())
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('console', (message) => complaints.push(message.text()))
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(request.url())
    })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await stop?.()
  })

  test('the toolbar opens, leads to the plans, and nothing comes from elsewhere', async () => {
    await page.goto(url)
    await page.locator('orm-toolbar > details > summary, orm-toolbar .toolbar > summary').click()
    expect(await page.locator('orm-toolbar ol li').count()).toBeGreaterThan(1)
    await page.locator('orm-toolbar .toolbar > summary').click()
    await page.getByText('How the database has answered this page').click()
    await page.waitForURL(/\/lens\/\d+$/)
    await page.locator('orm-toolbar ol li summary').nth(0).click()
    await page.locator('orm-toolbar dd pre').first().waitFor({ state: 'visible' })

    await page.goto(`${url}/docs`)
    await page.getByText('Write an article').click()
    expect(await page.locator('details[open]').getByText('You send').isVisible()).toBe(true)
    expect(complaints.filter((text) => !text.startsWith('data:'))).toEqual([])
  })
}
