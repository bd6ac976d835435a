import type { Request } from 'autocannon'
import { articleCount, slugAt, tagAt, userCount } from './fill.ts'

/** What is asked: sixteen readings and four writings, and begin again. */
const order: readonly (keyof typeof kinds)[] = [
  'list',
  'article',
  'feed',
  'article',
  'create',
  'list',
  'article',
  'tags',
  'article',
  'favorite',
  'list',
  'feed',
  'article',
  'article',
  'comment',
  'list',
  'article',
  'tags',
  'feed',
  'favorite',
]

/** How each kind of request looks, new each time. */
const kinds = {
  list: () => get('/api/articles?limit=20'),
  feed: () => get('/api/articles/feed?limit=20'),
  article: () => get(`/api/articles/${someSlug()}`),
  tags: () => get('/api/tags'),
  favorite: () => post(`/api/articles/${someSlug()}/favorite`),
  comment: () =>
    post(`/api/articles/${someSlug()}/comments`, { comment: { body: 'I see it that way too.' } }),
  create: () => post('/api/articles', { article: newArticle() }),
}

/** A request as the load fires it. */
export interface Shot {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
}

/** The kinds of requests by name, for those who ask each of them once. */
export const shots: Readonly<Record<string, () => Shot>> = kinds

/** The mix for autocannon: every request is made anew, in the name of somebody. */
export const mixOf = (tokens: readonly string[]): Request[] =>
  order.map((kind) => ({
    setupRequest: (request) => {
      const headers = { ...request.headers, authorization: `Token ${tokens[random(userCount)]}` }
      return Object.assign(request, { body: undefined }, kinds[kind](), { headers })
    },
  }))

const get = (path: string): Shot => ({ method: 'GET', path })
const post = (path: string, body?: object): Shot => ({
  method: 'POST',
  path,
  ...(body && { body: JSON.stringify(body) }),
})

let written = 0

/** Titles differ, so that slugs do not meet: what happens then is tested elsewhere. */
const newArticle = () => ({
  title: `Under load ${process.pid} ${++written}`,
  description: 'Written while a hundred others ask',
  body: 'One session per request. '.repeat(20),
  tagList: [tagAt(written), tagAt(written + 11)],
})

const someSlug = () => slugAt(random(articleCount))
const random = (below: number) => Math.floor(Math.random() * below)
