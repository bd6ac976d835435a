import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ask, Client } from '../../../10-blog-app/tests/client.ts'
import { databases } from './databases.ts'
import { expectCleanRefusal } from './leaks.ts'
import { changed, type Operation, operationsOf, type Place, pages, placesIn } from './requests.ts'

// Every attack in every field that takes text: in bodies, addresses and searches, as the document of the API lists them.

const attacks = [
  "'; DROP TABLE users; --",
  "' OR '1'='1",
  '1; DELETE FROM articles',
  '" UNION SELECT password FROM users --',
  "'||(SELECT password FROM users LIMIT 1)||'",
  '%_\\',
  '$1 ? :name @x',
  '\u{1F600} \u202e \u0301',
  '<script>alert(1)</script>',
]

/** Fields that come back in the answer. */
const echoed = new Set(['title', 'description', 'body', 'bio', 'tagList'])

describe.each(databases)('on %s', (_, open) => {
  let blog: Client
  let end: () => Promise<void>
  let token: string
  beforeAll(async () => {
    ;({ blog, end } = await open({ sample: true }))
    token = await blog.register('victim')
    await blog.write(token)
    const body = { comment: { body: 'Mine' } }
    await blog.ask('POST', '/api/articles/hello/comments', { token, body })
  }, 120_000)
  afterAll(() => end())

  test.each(attacks)('%j is text, wherever it stands', async (attack) => {
    const { json } = await blog.ask('GET', '/openapi.json')
    const before = await state(blog)
    let count = 0
    for (const operation of [...operationsOf(json), ...pages])
      for (const { field, path, ask } of attacksOn(operation, attack)) {
        const answer = await blog.ask(operation.method, path, { token, ...ask })
        const what = `${operation.method} ${operation.path} with it in ${field}`
        expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(500)
        if (answer.status >= 400) expectCleanRefusal(answer)
        else if (echoed.has(field))
          expect(JSON.stringify(answer.json), what).toContain(quoted(attack))
        count += 1
      }
    expect(count).toBeGreaterThan(50)
    expect(await state(blog)).toEqual(before)
  })

  test.each(attacks)('nobody logs in with %j', async (attack) => {
    const answers = [
      { email: attack, password: 'correct horse' },
      { email: 'alice@example.com', password: attack },
      { email: `alice@example.com${attack}`, password: 'correct horse' },
    ].map((user) => blog.ask('POST', '/api/users/login', { body: { user } }))
    for (const { status } of await Promise.all(answers)) expect(status).toBe(401)
  })
})

/** What no attack may touch: all that is not the attacker's. */
async function state({ database }: Client) {
  const rows = (sql: string) => database.values(sql)
  return {
    users: await rows("SELECT * FROM users WHERE username IN ('Alice', 'Bob') ORDER BY id"),
    articles: await rows('SELECT id, title, body FROM articles WHERE author_id <= 2 ORDER BY id'),
    comments: await rows('SELECT id, body FROM comments WHERE author_id <= 2 ORDER BY id'),
    posts: await rows("SELECT id, title FROM posts WHERE title LIKE 'My%' ORDER BY id"),
  }
}

/** Something that is there, for the other places of an address. */
const known: Record<string, string> = { slug: 'hello', username: 'Alice', id: '1', tag: 'orm' }

/** A request for each field of an operation that takes text, with the attack in that one alone. */
function attacksOn({ path, query, example }: Operation, attack: string) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const text = encodeURIComponent(attack)
  const fill = (name?: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_, other: string) => (other === name ? text : known[other]!))
  const requests: { field: string; path: string; ask: Ask }[] = [
    ...names.map((name) => ({ field: `{${name}}`, path: fill(name), ask: { body: example } })),
    ...query.map((name) => ({ field: `?${name}`, path: `${fill()}?${name}=${text}`, ask: {} })),
    ...textPlaces(example).map((place) => ({
      field: place.findLast((part) => !/^\d+$/.test(String(part))) as string,
      path: fill(),
      ask: { body: changed(example, [place, attack]) },
    })),
  ]
  return requests
}

const textPlaces = (example: unknown): Place[] =>
  placesIn(example).filter((place) => typeof valueAt(example, place) === 'string')

const valueAt = (value: any, [first, ...rest]: Place): unknown =>
  first === undefined ? value : valueAt(value[first], rest)

const quoted = (text: string): string => JSON.stringify(text).slice(1, -1)
