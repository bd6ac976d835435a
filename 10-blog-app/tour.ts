import type { AsyncDatabase } from '#shared/driver/async-driver'
import { recordAsync } from '#shared/driver/async-recorder'
import { blog, createApp, fingerprint, samplePassword, withSession } from '#stage/10-blog-app'

const { Article, Comment, Follow, Post, Tag, User } = blog
const say = (line = '') => console.log(line)

/** Asks the blog what the lesson shows, without a server: the answers, and the statements behind them. */
export async function tour(given: AsyncDatabase, secret: string): Promise<void> {
  const database = recordAsync(given)
  const app = createApp({ database, secret })

  say('1. The endpoints')
  await curl('/posts/')
  await curl('/posts/', 'POST', '{"title": "New from API", "user_id": 1}')
  await curl('/users/1')

  say('\n2. Articles, and what is sent for them')
  const { user } = await json('/api/users/login', 'POST', {
    user: { email: 'alice@example.com', password: samplePassword },
  })
  const token = { authorization: `Token ${user.token}` }
  database.forget()
  await json('/api/articles', 'GET', undefined, token)
  for (const { sql } of database.statements) say(`  ${short(sql)}`)

  say('\n3. What goes wrong')
  await curl('/posts/', 'POST', { title: 'Lost', user_id: 99 })
  await curl('/posts/99')
  await curl('/api/users', 'POST', {
    user: { username: 'Alice', email: 'al@example.com', password: 'long enough' },
  })

  say('\n4. Two writers')
  const path = '/api/articles/what-an-orm-does'
  const tag = (await app.request(path)).headers.get('etag') ?? ''
  say(`  both have read ${tag}`)
  for (const body of ['of the first', 'of the second'])
    await curl(path, 'PUT', { article: { body } }, { ...token, 'if-match': tag }, `→ "${body}"`)

  say('\n5. One title, three times at once')
  const article = { title: 'Hello', description: 'd', body: 'b' }
  const written = await Promise.all(
    [1, 2, 3].map(() => json('/api/articles', 'POST', { article }, token)),
  )
  for (const one of written) say(`  ${one.article.slug.replace(/-.{8}$/, '-…')}`)

  say('\n6. Statements, with one article to show and with a hundred')
  await addHundred(database)
  for (const [address, headers] of addresses) {
    const counts = []
    for (const limit of [1, 100]) counts.push(await statementsOf(address, limit, headers && token))
    const who = headers ? ', logged in' : ''
    say(
      `  ${`${address}${who}`.padEnd(44)} ${counts.map((count) => `${count}`.padStart(4)).join('')}`,
    )
  }

  async function ask(path: string, method = 'GET', body?: object | string, headers = {}) {
    const request = { method, headers, ...(body && { body: textOf(body) }) }
    return app.request(path, request)
  }

  async function json(...asked: Parameters<typeof ask>): Promise<any> {
    return (await ask(...asked)).json()
  }

  async function curl(
    path: string,
    method = 'GET',
    body?: object | string,
    headers = {},
    note = '',
  ) {
    const data = body && !note ? ` -d '${textOf(body)}'` : ''
    const verb = method === 'GET' ? '' : ` -X ${method}`
    say(`$ curl${verb} http://localhost:8000${path}${data}${note && ` ${note}`}`)
    const answer = await ask(path, method, body, headers)
    const text = await answer.text()
    say(`  ${answer.status} ${text.length > 300 ? `${text.slice(0, 60)}…` : text}`)
  }

  async function statementsOf(address: string, limit: number, headers = {}): Promise<number> {
    database.forget()
    const answer = await ask(`${address}?limit=${limit}`, 'GET', undefined, headers)
    await answer.text()
    return database.statements.length
  }
}

const addresses: [address: string, isLoggedIn?: true][] = [
  ['/posts/'],
  ['/api/articles'],
  ['/api/articles', true],
  ['/api/articles/feed', true],
  ['/api/articles/article-1'],
  ['/api/articles/article-1', true],
  ['/api/articles/article-1/comments', true],
  ['/api/tags'],
  ['/'],
  ['/tags/all'],
  ['/articles/article-1'],
]

/** A hundred articles, posts and comments by twenty authors. */
const addHundred = (database: AsyncDatabase): Promise<void> =>
  withSession(database, async (session) => {
    const tag = new Tag({ name: 'all' })
    const authors = Array.from({ length: 20 }, (_, i) => newUser(`Author ${i}`))
    let first: InstanceType<typeof Article> | undefined
    for (let number = 1; number <= 100; number++) {
      const title = `Article ${number}`
      const slug = `article-${number}`
      const author = authors[number % 20]!
      const article = new Article({ slug, title, description: 'd', body: 'b', author })
      article.tags.add(tag)
      first ??= article
      session.add(article, new Post({ title, author }))
      session.add(new Comment({ body: title, article: first, author }))
    }
    await session.flush()
    for (const { id } of authors) session.add(new Follow({ followerId: 1, followedId: id }))
    await session.commit()
  })

const newUser = (username: string) =>
  new User({ username, email: `${username}@example.com`.replace(' ', ''), password: 'x' })

const textOf = (body: object | string) => (typeof body === 'string' ? body : JSON.stringify(body))

/** The statement without its list of columns. */
const short = (sql: string) =>
  fingerprint(sql).replace(/^SELECT (?!count).*? FROM/i, 'SELECT … FROM')
