import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp, openDatabases } from '../../08-profiling/page/app.ts'
import { serve } from '../../08-profiling/page/serve.ts'
import { findBrowser, noBrowser } from './browser.ts'

// The pages of stage 08 as their readers see them. Without a browser the second half fails in CI, and says so elsewhere.

const databases = openDatabases()

describe('the pages of stage 08', { timeout: 120_000 }, () => {
  const get = async (path: string, from = createApp(databases)) => {
    const response = await from.request(path)
    return { status: response.status, page: await response.text(), headers: response.headers }
  }
  const sent = ({ headers }: { headers: Headers }) =>
    Number(/desc="(\d+) statements"/.exec(headers.get('server-timing') ?? '')?.[1])
  const table = ({ page }: { page: string }) =>
    /<tbody>[\s\S]*<\/tbody>/.exec(page)?.[0].replace(/\s+/g, ' ')

  it('show the same authors in every version, for fewer and fewer statements', async () => {
    const from = createApp(databases)
    const pages = []
    for (const path of ['slow', 'index', 'peers', 'eager', 'latest', 'cached', 'cached'])
      pages.push(await get(`/${path}`, from))
    expect(pages.map(sent)).toEqual([101, 101, 2, 2, 2, 2, 0])
    expect(new Set(pages.map(table)).size).toBe(1)
    expect(table(pages[0]!)).toContain('Alice')
  })

  it('point to the line and the relation of the slow one, and to the index', async () => {
    const { page } = await get('/slow')
    expect(page).toContain('N+1: User.posts asked for 100 times')
    expect(page).toMatch(/08-profiling\/page\/authors\.ts:\d+/)
    expect(page).toContain('CREATE INDEX ix_posts_user_id ON posts (user_id)')
  })

  it('say nothing bad of the mended ones', async () => {
    for (const path of ['/peers', '/latest', '/cached', '/posts'])
      expect((await get(path)).page, path).not.toMatch(/N\+1|in vain/)
  })

  it('turn, each in one statement', async () => {
    const from = createApp(databases)
    const first = await get('/posts', from)
    const link = /href="(\/posts\?after=[^"]+)"/.exec(first.page)?.[1]
    const second = await get(link!.replaceAll('&amp;', '&'), from)
    expect([first, second].map(sent)).toEqual([1, 1])
    expect(second.page.match(/<li>\s*<strong>/g)).toHaveLength(20)
    expect(second.page).not.toBe(first.page)
  })

  it('answer a cursor that was changed, and a page that is not there', async () => {
    const [changed, missing] = [await get('/posts?after=nonsense'), await get('/nowhere')]
    expect([changed.status, missing.status]).toEqual([400, 404])
    expect(missing.page).toContain('<orm-toolbar>')
  })

  it('show the figures of each version on the first of them', async () => {
    const { page } = await get('/')
    const figures = [...page.matchAll(/<td class="number">([\d,]+)<\/td>/g)].map(([, one]) => one)
    const expected = '101 2,100 101 2,100 2 2,100 2 2,100 2 200 0 0'.split(' ')
    expect(figures).toEqual(expected)
  })

  it('leave in peace what is no HTML', async () => {
    const from = createApp(databases)
    from.get('/data', (c) => c.json({ html: '</body>' }))
    expect((await get('/data', from)).page).toBe('{"html":"</body>"}')
  })
})

const path = findBrowser()

if (path) describe('in a browser, the pages of stage 08', { timeout: 120_000 }, () => testIn(path))
else
  it('NOTHING was tested in a browser: there is none on this machine', () => {
    if (process.env.CI) throw new Error(noBrowser)
    console.warn(`\n⚠ ${noBrowser}\n`)
  })

function testIn(executablePath: string) {
  let browser: Browser
  let url: string
  let close: () => Promise<void>

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    const app = createApp(databases)
    app.get('/hostile', (c) => c.html(hostile))
    ;({ url, close } = await serve(0, app))
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await close?.()
  })

  /** Opens a page; what the browser complains of, and what it asks other hosts for, fails the test. */
  async function open(
    path: string,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ) {
    const context = await browser.newContext(options)
    const complaints: string[] = []
    const page = await context.newPage()
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
        complaints.push(request.url())
    })
    await page.goto(`${url}${path}`)
    await look(page)
    await context.close()
    expect(complaints).toEqual([])
  }

  const bar = (page: Page) => page.locator('orm-toolbar .toolbar > summary')
  const panel = (page: Page) => page.locator('orm-toolbar .panel')

  it('say in one line what they have sent', () =>
    open('/slow', {}, async (page) => {
      expect(await bar(page).innerText()).toMatch(
        /101 statements[\s\S]*2,100 rows[\s\S]*N\+1 User\.posts/,
      )
      expect(await panel(page).isVisible()).toBe(false)
    }))

  it('open the toolbar, and the plan of a statement, on a click', () =>
    open('/slow', {}, async (page) => {
      await bar(page).click()
      expect(await panel(page).innerText()).toContain('N+1: User.posts asked for 100 times')
      const plan = page.locator('orm-toolbar pre').getByText('SCAN posts')
      expect(await plan.isVisible()).toBe(false)
      await page.locator('orm-toolbar li summary').last().click()
      expect(await plan.innerText()).toContain('← reads the whole table')
      await bar(page).click()
      expect(await panel(page).isVisible()).toBe(false)
    }))

  it('open it with the keyboard as well', () =>
    open('/slow', {}, async (page) => {
      await bar(page).focus()
      await page.keyboard.press('Enter')
      expect(await panel(page).isVisible()).toBe(true)
    }))

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('fit into the window, %s, %i wide, and can be read', (colorScheme, width) =>
    open('/slow', { colorScheme, viewport: { width, height: 800 } }, async (page) => {
      await bar(page).click()
      await page.locator('orm-toolbar li summary').last().click()
      expect(await page.evaluate(widestOverflow)).toBe(0)
      const box = await panel(page).boundingBox()
      expect(box!.y).toBeGreaterThanOrEqual(0)
      expect(box!.width).toBe(width)
      expect(await page.evaluate(weakestContrast)).toBeGreaterThan(4.5)
    }),
  )

  it('keep their own look, and the toolbar keeps its own', () =>
    open('/hostile', {}, async (page) => {
      const size = (selector: string) => page.locator(selector).first().evaluate(fontSize)
      expect(await size('main p')).toBe('40px')
      expect(await size('orm-toolbar .toolbar')).toBe('14px')
      expect(await page.locator('orm-toolbar').count()).toBe(1)
    }))

  it('go from version to version', () =>
    open('/', {}, async (page) => {
      await page.getByRole('link', { name: 'Only the latest' }).first().click()
      await page.waitForURL('**/latest')
      expect(await bar(page).innerText()).toContain('2 statements')
      expect(await page.locator('tbody tr').count()).toBe(100)
    }))

  it('show where the time goes, and how it grows', async () => {
    await open('/flame', {}, async (page) => {
      expect(await page.locator('main svg rect').count()).toBeGreaterThan(10)
      expect(await page.locator('main svg title').first().textContent()).toMatch(/Where [\d.]+ ms/)
    })
    await open('/curves', {}, async (page) => {
      expect(await page.locator('main svg polyline').count()).toBe(10)
      expect(await page.locator('main svg text').getByText('lazy, for all peers').isVisible()).toBe(
        true,
      )
    })
  })
}

/** A page whose styles want everything. */
const hostile = `<!doctype html><html lang="en"><head><title>Hostile</title><link rel="icon" href="data:,">
<style>* { font-size: 40px !important; display: block } details { display: none !important }</style></head>
<body><main><p>Mine</p></main></body></html>`

// These run in the browser.

const fontSize = (element: unknown): string =>
  (globalThis as any).getComputedStyle(element).fontSize

/** How many pixels the page is wider than its window. */
const widestOverflow = `document.documentElement.scrollWidth - document.documentElement.clientWidth`

/** The contrast of the text in the toolbar that is hardest to read, as WCAG counts it. */
const weakestContrast = `(() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number)
  const light = (text) => {
    const [r, g, b] = parts(text).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const isSolid = (text) => !(parts(text).length === 4 && parts(text)[3] === 0)
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if (isSolid(backgroundColor)) return backgroundColor
    }
    return 'rgb(255, 255, 255)'
  }
  const root = document.querySelector('orm-toolbar').shadowRoot
  const texts = [...root.querySelectorAll('.toolbar *')].filter((element) =>
    !element.closest('svg, style') && element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  return Math.min(...texts.map((element) => {
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x)
    return (a + 0.05) / (b + 0.05)
  }))
})()`
