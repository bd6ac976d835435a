import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { addSampleData, createApp, serve } from '#stage/10-blog-app'
import { openBlog, passwords, secret } from '../../../10-blog-app/tests/client.ts'
import { findBrowser, noBrowser } from '../browser.ts'
import { headings, weakestContrast, widestOverflow } from './in-page.ts'

// The blog as its readers see it. Without a browser this fails in CI, and says so elsewhere.

const path = findBrowser()

if (path) describe('in a browser, the blog', { timeout: 120_000 }, () => testIn(path))
else
  test('NOTHING was tested in a browser: there is none on this machine', () => {
    if (process.env.CI) throw new Error(noBrowser)
    console.warn(`\n⚠ ${noBrowser}\n`)
  })

function testIn(executablePath: string) {
  let browser: Browser
  let database: AsyncDatabase
  let server: Awaited<ReturnType<typeof serve>>

  beforeAll(async () => {
    database = openSqliteAsync()
    await openBlog(database)
    await addSampleData(database, passwords)
    server = await serve(createApp({ database, secret, passwords }), 0)
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await server?.drain()
    await database?.close()
  })

  /** Opens a window. What the browser complains of, and what it asks other hosts for, fails the test. */
  async function look(
    options: Parameters<Browser['newContext']>[0],
    at: (page: Page, context: BrowserContext) => Promise<void>,
    expected: readonly string[] = [],
  ) {
    const context = await browser.newContext({ baseURL: server.url, ...options })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('dialog', (dialog) => complaints.push(dialog.message()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('request', (request) => {
      if (!/^data:/.test(request.url()) && !request.url().startsWith(server.url))
        complaints.push(request.url())
    })
    await at(page, context)
    await context.close()
    expect(complaints).toEqual(expected)
  }

  const title = (page: Page) => page.locator('h1').innerText()
  const follow = async (page: Page, name: string) => {
    await page.getByRole('link', { name, exact: true }).first().click()
  }

  test('leads a reader from the list to an article, its author, its tags, and back', () =>
    look({}, async (page) => {
      await page.goto('/')
      expect(await title(page)).toBe('All articles')
      expect(await page.locator('article').count()).toBe(10)
      await follow(page, 'Older articles →')
      expect(await page.locator('article h2').allInnerTexts()).toEqual(['Rows by hand'])
      await follow(page, '← Newer articles')
      await follow(page, 'What an ORM does')
      expect(await title(page)).toBe('What an ORM does')
      expect(await page.getByRole('region', { name: 'Comments' }).innerText()).toContain(
        'So that is what it does.',
      )
      await follow(page, 'Alice')
      expect([await title(page), await page.locator('main').innerText()]).toEqual([
        'Articles by Alice',
        expect.stringContaining('I like tables.'),
      ])
      await follow(page, 'orm')
      expect(await title(page)).toBe('Articles about orm')
      expect(await page.locator('article h2').allInnerTexts()).toEqual([
        'One session per request',
        'What an ORM does',
      ])
      await follow(page, 'The blog')
      expect(await title(page)).toBe('All articles')
    }))

  test('shows what somebody registers, logs in and writes for, at once', () =>
    look({}, async (page, { request }) => {
      const send = async (path: string, data: object, token?: string) => {
        const headers = token ? { authorization: `Token ${token}` } : {}
        const answer = await request.post(`/api${path}`, { data, headers })
        expect(answer.ok()).toBe(true)
        return answer.json()
      }
      const user = { username: 'Zoë', email: 'zoe@example.com', password: 'long enough' }
      await send('/users', { user })
      const { token } = (await send('/users/login', { user })).user
      const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>'
      const article = { title: `Evil ${evil}`, description: evil, body: evil, tagList: ['<b>/&'] }
      const { slug } = (await send('/articles', { article }, token)).article
      await send(`/articles/${slug}/comments`, { comment: { body: evil } }, token)
      await send(`/articles/${slug}/favorite`, {}, token)

      await page.goto('/')
      await follow(page, `Evil ${evil}`)
      expect(await title(page)).toBe(`Evil ${evil}`)
      expect(await page.locator('.text').allInnerTexts()).toEqual([evil, evil])
      expect(await page.locator('script, img').count()).toBe(0)
      await follow(page, '<b>/&')
      expect(await title(page)).toBe('Articles about <b>/&')
      await follow(page, 'Zoë')
      expect(await page.locator('article h2').allInnerTexts()).toEqual([`Evil ${evil}`])
    }))

  test('says in a page what went wrong, and leads on', () =>
    look(
      {},
      async (page) => {
        for (const lost of ['/articles/none', '/nowhere', '/?after=cut', '/authors/Nobody']) {
          expect((await page.goto(lost))?.status()).toBe(404)
          expect(await title(page)).toBe('That did not work')
          await follow(page, 'All articles')
          expect(await title(page)).toBe('All articles')
        }
      },
      // The browser itself notes each of them.
      Array(4).fill(expect.stringContaining('404')),
    ))

  test('needs no script, and works with the keyboard', () =>
    look({ javaScriptEnabled: false }, async (page) => {
      await page.goto('/articles/what-an-orm-does')
      await page.keyboard.press('Tab')
      const skip = page.getByRole('link', { name: 'To the content' })
      expect((await skip.boundingBox())!.x).toBeGreaterThanOrEqual(0)
      await page.keyboard.press('Enter')
      expect(page.url()).toMatch(/#content$/)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/authors/Alice')
    }))

  const addresses = ['/', '/articles/what-an-orm-does', '/authors/Alice', '/tags/orm', '/tags/none']

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
    ['dark', 320],
  ] as const)('can be read, %s and %i wide', (colorScheme, width) =>
    look({ colorScheme, viewport: { width, height: 800 } }, async (page) => {
      for (const address of addresses) {
        await page.goto(address)
        expect([address, await page.evaluate(widestOverflow)]).toEqual([address, 0])
        expect(await page.evaluate(weakestContrast)).toBeGreaterThan(4.5)
      }
    }),
  )

  test('has landmarks, one first heading, and none that skips a level', () =>
    look({}, async (page) => {
      for (const address of addresses) {
        await page.goto(address)
        expect(await page.title()).toBe(`${await title(page)} · The blog`)
        for (const role of ['banner', 'main'] as const)
          expect(await page.getByRole(role).count()).toBe(1)
        expect(await page.getByRole('navigation', { name: 'The blog' }).count()).toBe(1)
        const levels = await page.evaluate<number[]>(headings)
        expect(levels.filter((level) => level === 1)).toHaveLength(1)
        expect(levels.every((level, i) => level <= (levels[i - 1] ?? 0) + 1)).toBe(true)
      }
    }))
}
