import { createTokens } from '#stage/10-blog-app'
import { secret } from './blog-process.ts'

type Tokens = ReturnType<typeof createTokens>

/** What the server has acknowledged: the addresses at which it must be found from then on. */
export interface Acknowledged {
  readonly address: string
  readonly title: string
  /** Of an article. */
  readonly tags?: readonly string[]
}

export interface Heard {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Clients that write one thing after the other, and remember what they heard. */
export interface Writers {
  readonly acknowledged: Acknowledged[]
  readonly heard: Heard[]
  /** Resolves when all of them have gone. */
  readonly gone: Promise<unknown>
  stop(): void
}

/** Alice is user 1 of the sample data; a token says only who it is for. */
export const tokenOfAlice = (): Promise<string> =>
  createTokens(secret).sign({ id: 1 } as Parameters<Tokens['sign']>[0])

/**
 * Starts clients that write posts and articles by turns, each as fast as it is answered. They go when the server is gone
 * (nobody answers), or when they are told to.
 */
export function startWriters(url: string, token: string, count = 8): Writers {
  const [acknowledged, heard]: [Acknowledged[], Heard[]] = [[], []]
  let isOver = false
  const write = async (writer: number) => {
    for (let number = 1; !isOver; number++) {
      const next = number % 2 ? postOf : articleOf
      const { path, body, found } = next(`Written ${writer}.${number}`)
      const answer = await ask(url + path, body, token).catch(() => undefined)
      if (!answer) return
      heard.push(answer)
      if (answer.status === 201) acknowledged.push(found(answer.json))
    }
  }
  const gone = Promise.all(Array.from({ length: count }, (_, writer) => write(writer)))
  const stop = () => {
    isOver = true
  }
  return { acknowledged, heard, gone, stop }
}

/** What was acknowledged and is not there, or not whole. */
export async function lostOf(
  url: string,
  acknowledged: readonly Acknowledged[],
): Promise<Acknowledged[]> {
  const lost: Acknowledged[] = []
  for (const one of acknowledged) {
    const { status, json } = await ask(url + one.address)
    const { title, tagList } = json.article ?? json
    const isWhole = title === one.title && String(tagList ?? []) === String(one.tags ?? [])
    if (status !== 200 || !isWhole) lost.push(one)
  }
  return lost
}

export async function ask(
  url: string,
  body?: object,
  token?: string,
): Promise<Heard & { readonly json: any }> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Token ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, text, json: JSON.parse(text) }
}

const postOf = (title: string) => ({
  path: '/posts/',
  body: { title, user_id: 1 },
  found: ({ id }: { id: number }): Acknowledged => ({ address: `/posts/${id}`, title }),
})

/** Four statements in one transaction: it must be there with its tags, or not at all. */
const articleOf = (title: string) => {
  const tags = ['durable', title.toLowerCase()]
  return {
    path: '/api/articles',
    body: { article: { title, description: 'd', body: 'b', tagList: tags } },
    found: ({ article }: { article: { slug: string } }): Acknowledged => ({
      address: `/api/articles/${article.slug}`,
      title,
      tags,
    }),
  }
}
