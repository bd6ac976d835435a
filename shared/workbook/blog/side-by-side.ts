import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTokens, blog as models, withSession } from '#stage/10-blog-app'
import { type PostgresServer, startOwnPostgres } from '../../driver/embedded-postgres.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { type BlogProcess, secret, startBlog } from './blog-process.ts'

export interface Sides {
  readonly processes: number
  /** `serializable` makes transactions fail that have met. On some engines there is no other level. */
  readonly level: 'read committed' | 'serializable'
  /** What stands between the processes and the server. */
  readonly between?: (url: string) => Promise<{ readonly url: string; stop(): Promise<void> }>
}

/** Several processes of the blog on one PostgreSQL, with clients on all of them. Nothing that matters lives in a process. */
export function testSideBySide(name: string, { processes, level, between }: Sides): void {
  describe(name, { timeout: 240_000 }, () => {
    let postgres: PostgresServer
    let pooler: Awaited<ReturnType<NonNullable<typeof between>>> | undefined
    let blogs: BlogProcess[]
    /** A token for each of eight authors. */
    let tokens: string[]

    beforeAll(async () => {
      postgres = await startOwnPostgres()
      await using database = openPostgres(postgres.url)
      await database.run(`ALTER DATABASE postgres SET default_transaction_isolation = '${level}'`)
      pooler = await between?.(postgres.url)
      const { url } = pooler ?? postgres
      // At the same moment, on an empty database: one of them makes the tables, and all of them start.
      blogs = await Promise.all(numbers(processes).map(() => startBlog({ DATABASE_URL: url })))
      tokens = await withSession(database, addAuthors)
    }, 240_000)

    afterAll(async () => {
      for (const blog of blogs ?? []) await blog.kill()
      await pooler?.stop()
      await postgres?.stop()
    })

    /** Asks one of the processes: the client knows which. */
    async function ask(client: number, method: string, path: string, { body, headers }: Ask = {}) {
      const response = await fetch(blogs[client % blogs.length]!.url + path, {
        method,
        headers: { authorization: `Token ${tokens?.[client % tokens.length]}`, ...headers },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return {
        status: response.status,
        headers: response.headers,
        json: text ? JSON.parse(text) : undefined,
      }
    }

    const write = (client: number, title: string, tagList: string[] = []) =>
      ask(client, 'POST', '/api/articles', {
        body: { article: { title, description: 'd', body: 'b', tagList } },
      })

    it('give each article of one title a slug of its own', async () => {
      const tagList = ['race one', 'race two', 'race three']
      const answers = await Promise.all(numbers(24).map((client) => write(client, 'Race', tagList)))
      expect(answers.map(({ status }) => status)).toEqual(numbers(24).map(() => 201))
      const slugs = answers.map(({ json }) => json.article.slug)
      expect(new Set(slugs).size).toBe(24)
      expect(slugs.filter((slug) => slug === 'race')).toHaveLength(1)
      const { json } = await ask(0, 'GET', '/api/articles?tag=race two&limit=100')
      expect(json.articlesCount).toBe(24)
    })

    it('count each favourite once', async () => {
      const { slug } = (await write(0, 'Liked by many')).json.article
      const path = `/api/articles/${slug}/favorite`
      // Everybody likes it three times over, on all processes; every other one thinks better of it at the end.
      const liked = await Promise.all(numbers(24).map((client) => ask(client, 'POST', path)))
      const gone = await Promise.all([1, 3, 5, 7].map((client) => ask(client, 'DELETE', path)))
      expect(new Set([...liked, ...gone].map(({ status }) => status))).toEqual(new Set([200]))
      for (const client of numbers(4)) {
        const { json } = await ask(client, 'GET', `/api/articles/${slug}`)
        expect(json.article.favoritesCount).toBe(4)
      }
    })

    it('let one of eight writers through who have read the same version', async () => {
      const { slug } = (await write(0, 'Contested')).json.article
      let changes = 0
      for (const round of numbers(5)) {
        const etag = (await ask(round, 'GET', `/api/articles/${slug}`)).headers.get('etag')!
        const answers = await Promise.all(
          numbers(8).map((client) =>
            change(client, slug, `round ${round}, writer ${client}`, { 'if-match': etag }),
          ),
        )
        const statuses = answers.map(({ status }) => status)
        expect(statuses.filter((status) => status === 200)).toHaveLength(1)
        expect(statuses.filter((status) => status === 409 || status === 412)).toHaveLength(7)
        changes += 1
        const winner = answers.find(({ status }) => status === 200)!
        const { json } = await ask(round + 1, 'GET', `/api/articles/${slug}`)
        expect(json.article.body).toBe(winner.json.article.body)
      }
      expect(changes).toBe(5)
    })

    /** All in the name of the author, each on a process of its own. */
    const change = (client: number, slug: string, body: string, headers: Record<string, string>) =>
      ask(client, 'PUT', `/api/articles/${slug}`, {
        body: { article: { body } },
        headers: { authorization: `Token ${tokens[0]}`, ...headers },
      })

    it('lose no comment and no post of many who write at once', async () => {
      const { slug } = (await write(0, 'Discussed')).json.article
      const answers = await Promise.all(
        numbers(48).map((client) =>
          client % 2
            ? ask(client, 'POST', '/posts/', { body: { title: `Post of ${client}`, user_id: 1 } })
            : ask(client, 'POST', `/api/articles/${slug}/comments`, {
                body: { comment: { body: `Comment of ${client}` } },
              }),
        ),
      )
      expect(answers.filter(({ status }) => status >= 400)).toEqual([])
      const { comments } = (await ask(1, 'GET', `/api/articles/${slug}/comments`)).json
      expect(comments).toHaveLength(24)
      const posts = (await ask(2, 'GET', '/posts/?limit=100')).json as { title: string }[]
      expect(posts.filter(({ title }) => title.startsWith('Post of'))).toHaveLength(24)
    })
  })
}

/** Nobody logs in here: a token says only who it is for. */
async function addAuthors(
  session: Parameters<Parameters<typeof withSession>[1]>[0],
): Promise<string[]> {
  const { sign } = createTokens(secret)
  const authors = numbers(8).map(
    (number) =>
      new models.User({
        username: `author ${number}`,
        email: `a${number}@example.com`,
        password: 'none',
      }),
  )
  session.add(...authors)
  await session.commit()
  return Promise.all(authors.map((author) => sign(author)))
}

interface Ask {
  readonly body?: object
  readonly headers?: Record<string, string>
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number)
