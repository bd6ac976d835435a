import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ask, Client } from '../../../10-blog-app/tests/client.ts'
import { databases } from './databases.ts'
import { failure } from './operations.ts'
import { changed, type Operation, operationsOf, pages, placesIn } from './requests.ts'

// Whatever is sent, the blog answers, and never with a mistake of its own. Run more of it with WORKBOOK_REQUESTS=1000.

const numRuns = Number(process.env.WORKBOOK_REQUESTS ?? 20)

describe.each(databases)('any request on %s', (_, open) => {
  let blog: Client
  let end: () => Promise<void>
  let token: string
  beforeAll(async () => {
    ;({ blog, end } = await open({ sample: true }))
    token = await blog.register('fuzz')
    await blog.write(token)
  }, 120_000)
  afterAll(() => end())

  test('is answered, and not with a mistake of ours', async () => {
    const { json } = await blog.ask('GET', '/openapi.json')
    const operations = [...operationsOf(json), ...pages]
    expect(operations.length).toBeGreaterThan(20)
    for (const operation of operations)
      await fc.assert(
        fc.asyncProperty(requestOf(operation), async ({ path, ask }) => {
          const answer = await blog.ask(operation.method, path, { token, ...ask })
          expect(answer.status, answer.text).toBeLessThan(500)
          expect(answer.text).not.toMatch(
            /\n {4}at |node_modules|SQLITE|syntax error|\bINSERT INTO\b/,
          )
          if (answer.status >= 400) failure.parse(answer.json)
        }),
        { numRuns, endOnFailure: true },
      )
  }, 120_000)

  test('also with a cursor of ours that somebody has changed', async () => {
    const { text } = await blog.ask('GET', '/')
    const [, given] = text.match(/after=([\w-]+)/)!
    const real = JSON.parse(Buffer.from(given!, 'base64url').toString())
    await fc.assert(
      fc.asyncProperty(changesOf(real), fc.constantFrom('after', 'before'), async (parts, way) => {
        const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url')
        const answer = await blog.ask('GET', `/?${way}=${cursor}`)
        expect([200, 404, 422], answer.text).toContain(answer.status)
      }),
      { numRuns: numRuns * 5, endOnFailure: true },
    )
  }, 120_000)

  test('leaves the blog as it should be', async () => {
    // Whatever was stored can be shown, in lists and one by one.
    for (const path of ['/', '/api/articles?limit=100', '/posts/?limit=100', '/api/tags'])
      expect((await blog.ask('GET', path)).status).toBe(200)
    const { articles } = (await blog.ask('GET', '/api/articles?limit=100')).json
    for (const { slug, tagList, author } of articles)
      for (const path of [
        `/articles/${encodeURIComponent(slug)}`,
        `/api/articles/${encodeURIComponent(slug)}/comments`,
        `/authors/${encodeURIComponent(author.username)}`,
        ...tagList.map((tag: string) => `/tags/${encodeURIComponent(tag)}`),
      ])
        expect([path, (await blog.ask('GET', path)).status]).toEqual([path, 200])
  })
})

/** Numbers and characters with which something has gone wrong before, somewhere. */
const nasty = fc.constantFrom(
  ...[
    '\0',
    '\ud800',
    '\udfff\ud800',
    "'",
    '"',
    '\\',
    '%',
    '..',
    '.',
    '/',
    '-1',
    '0',
    '1e400',
    'NaN',
  ],
  ...[
    '2147483648',
    '9223372036854775808',
    '9'.repeat(40),
    '0x7f',
    '1.5',
    '__proto__',
    'constructor',
  ],
  ...[
    '\u202e',
    '\ufeff',
    '\r\n',
    "' OR 1=1 --",
    '{{7*7}}',
    'null',
    'true',
    '',
    ' ',
    'x'.repeat(300),
  ],
)
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 30 }), fc.string())

/** A list with one value changed. */
const changesOf = (parts: readonly unknown[]) =>
  fc
    .tuple(fc.nat(parts.length), fc.oneof(text, dates, fc.integer(), fc.double(), fc.jsonValue()))
    .map(([place, value]) => parts.toSpliced(place, 1, value))

/** Days that there are, and others. */
const dates = fc.oneof(
  fc.date().map((date) => (Number.isNaN(date.getTime()) ? '' : date.toISOString())),
  fc.constantFrom(
    '2026-02-31T00:00:00.000Z',
    '0000-00-00',
    'infinity',
    '-infinity',
    'now',
    'epoch',
  ),
  fc.constantFrom('99999-01-01T00:00:00Z', '4714-11-24 00:00:00 BC', '24:00', '2026-01-01 25:61'),
)

const known = fc.constantFrom('hello', 'what-an-orm-does', 'alice', 'fuzz', '1', '2', 'orm', 'feed')
const inAddress = fc.oneof(known, text).map(escaped)

/** As browsers do it: what is no whole character becomes the sign for that. */
function escaped(value: string): string {
  return encodeURIComponent(Buffer.from(value).toString())
}

/** Any JSON, or a body that fits with one value changed, or left out, or one more. */
const bodyFrom = (example: unknown): fc.Arbitrary<string> => {
  const places = placesIn(example)
  const mutated = fc
    .array(
      fc.tuple(fc.constantFrom(...places), fc.oneof(text, fc.jsonValue(), fc.constant(undefined))),
      {
        ...{ minLength: 0, maxLength: 3 },
      },
    )
    .map((changes) => JSON.stringify(changes.reduce(changed, example)))
  return fc.oneof(
    { weight: 4, arbitrary: mutated },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: text },
  )
}

function requestOf({ path, query, example }: Operation): fc.Arbitrary<{ path: string; ask: Ask }> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  return fc
    .record({
      values: fc.tuple(...names.map(() => inAddress)),
      search: fc.dictionary(fc.constantFrom(...query, 'other'), inAddress, { maxKeys: 3 }),
      ifMatch: fc.option(fc.string(), { freq: 5 }),
      raw: example === undefined ? fc.constant(undefined) : bodyFrom(example),
    })
    .map(({ values, search, ifMatch, raw }) => {
      const filled = names.reduce(
        (whole, name, i) => whole.replace(`{${name}}`, () => values[i]!),
        path,
      )
      const pairs = Object.entries(search).map(([name, value]) => `${name}=${value}`)
      return {
        path: `${filled}?${pairs.join('&')}`,
        ask: {
          ...(ifMatch !== null && { headers: { 'if-match': ifMatch.trim() } }),
          ...(raw !== undefined && { raw }),
        },
      }
    })
}
