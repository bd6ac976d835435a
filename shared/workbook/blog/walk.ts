import { expect } from 'vitest'
import type { Ask, Client } from '../../../10-blog-app/tests/client.ts'
import { addressOf, failure, type Name, operations } from './operations.ts'

/**
 * A walk through the whole RealWorld API, as its public suite goes: each operation is asked, and each answer read to the last
 * property. The blog must be empty.
 */
export async function walkThrough(blog: Client): Promise<void> {
  const walk = walkOn(blog)
  const jake = await account(walk)
  const anah = await walk.ask('CreateUser', {}, { body: { user: person('anah') } })
  await articles(walk, jake, anah.user.token)
  await feed(walk, jake, anah.user.token)
  await comments(walk, jake, anah.user.token)
  await favorites(walk, jake, anah.user.token)
  await end(walk, jake, anah.user.token)
  expect([...walk.asked].toSorted()).toEqual(Object.keys(operations).toSorted())
}

interface Walk {
  readonly blog: Client
  readonly asked: ReadonlySet<string>
  /** Asks for something that works, and gives the answer. */
  ask(name: Name, values?: Record<string, string | number>, ask?: Ask): Promise<any>
  /** Asks for something that does not. */
  fails(
    status: number,
    name: Name,
    values?: Record<string, string | number>,
    ask?: Ask,
  ): Promise<void>
}

function walkOn(blog: Client): Walk {
  const asked = new Set<string>()
  const send = (name: Name, values = {}, ask: Ask = {}) => {
    const { method, path } = operations[name]
    const query = (ask as { query?: string }).query ?? ''
    return blog.ask(method, addressOf(path, values) + query, ask)
  }
  return {
    blog,
    asked,
    async ask(name, values, ask) {
      asked.add(name)
      const { status, json, text } = await send(name, values, ask)
      expect([name, status, text]).toEqual([name, operations[name].status, text])
      return operations[name].answer.parse(json)
    },
    async fails(status, name, values, ask) {
      const answer = await send(name, values, ask)
      expect([name, answer.status, answer.text]).toEqual([name, status, answer.text])
      failure.parse(answer.json)
    },
  }
}

const person = (username: string) => ({
  username,
  email: `${username}@example.com`,
  password: 'password',
})
const login = (email: string, password = 'password') => ({ body: { user: { email, password } } })

/** Registers Jake, and gives the token with which he goes on. */
async function account({ ask, fails }: Walk): Promise<string> {
  const registered = await ask('CreateUser', {}, { body: { user: person('jake') } })
  expect(registered.user).toMatchObject({ username: 'jake', bio: '', image: '' })
  await fails(422, 'CreateUser', {}, { body: { user: person('jake') } })
  await fails(422, 'CreateUser', {}, { body: { user: { email: 'j@example.com' } } })

  const { user } = await ask('Login', {}, login('jake@example.com'))
  await fails(401, 'Login', {}, login('jake@example.com', 'wrong password'))
  await fails(401, 'Login', {}, login('nobody@example.com'))
  await fails(422, 'Login', {}, { body: { user: { email: 'jake@example.com' } } })

  const { token } = user
  expect((await ask('GetCurrentUser', {}, { token })).user.username).toBe('jake')
  await fails(401, 'GetCurrentUser')
  const bearer = { headers: { authorization: `Bearer ${token}` } }
  expect((await ask('GetCurrentUser', {}, bearer)).user.username).toBe('jake')
  await fails(401, 'GetCurrentUser', {}, { headers: { authorization: `Basic ${token}` } })

  const change = (user: object) => ask('UpdateCurrentUser', {}, { token, body: { user } })
  const image = 'https://example.com/jake.png'
  expect((await change({ bio: 'I bark', image })).user).toMatchObject({ bio: 'I bark', image })
  // What is left out stays; null and an empty text take it away.
  expect((await change({ email: 'jake@jake.jake' })).user).toMatchObject({
    email: 'jake@jake.jake',
    bio: 'I bark',
    image,
  })
  expect((await change({ bio: null, image: '' })).user).toMatchObject({ bio: '', image: '' })
  await ask('Login', {}, login('jake@jake.jake'))
  for (const user of [{}, { email: null }, { username: '' }, { email: 'nowhere' }])
    await fails(422, 'UpdateCurrentUser', {}, { token, body: { user } })
  await fails(401, 'UpdateCurrentUser', {}, { body: { user: { bio: 'no' } } })
  return token
}

const text = { title: 'How to train', description: 'Ever wonder how?', body: 'Patiently.' }
const query = (query: string, token?: string) => ({ query, token }) as Ask

async function articles({ ask, fails }: Walk, jake: string, anah: string): Promise<void> {
  const tagList = ['training', 'dragons']
  const create = { token: jake, body: { article: { ...text, tagList } } }
  const { article } = await ask('CreateArticle', {}, create)
  expect(article).toMatchObject({ ...text, slug: 'how-to-train', tagList: tagList.toSorted() })
  expect(article).toMatchObject({ favorited: false, favoritesCount: 0 })
  await ask('CreateArticle', {}, { token: anah, body: { article: { ...text, title: 'Other' } } })
  for (const missing of ['title', 'description', 'body'])
    await fails(
      422,
      'CreateArticle',
      {},
      { token: jake, body: { article: { ...text, [missing]: undefined } } },
    )
  await fails(401, 'CreateArticle', {}, { body: { article: text } })
  await fails(401, 'CreateArticle', {}, { body: {} })

  const slugs = async (search: string, token?: string) => {
    const { articles, articlesCount } = await ask('GetArticles', {}, query(search, token))
    return [articles.map(({ slug }: { slug: string }) => slug), articlesCount]
  }
  const both = ['other', 'how-to-train']
  for (const token of [undefined, jake]) {
    expect(await slugs('', token)).toEqual([both, 2])
    expect(await slugs('?author=jake', token)).toEqual([['how-to-train'], 1])
    expect(await slugs('?tag=dragons', token)).toEqual([['how-to-train'], 1])
    expect(await slugs('?favorited=jake', token)).toEqual([[], 0])
    expect(await slugs('?author=jake&tag=none', token)).toEqual([[], 0])
    expect(await slugs('?limit=1', token)).toEqual([['other'], 2])
    expect(await slugs('?limit=1&offset=1', token)).toEqual([['how-to-train'], 2])
    expect(await slugs('?offset=2', token)).toEqual([[], 2])
  }
  for (const bad of ['?limit=0', '?limit=-1', '?offset=-1', '?limit=many', '?limit=1&limit=2'])
    await fails(422, 'GetArticles', {}, query(bad))

  await changes({ ask, fails } as Walk, jake, anah)
}

async function changes({ ask, fails }: Walk, jake: string, anah: string): Promise<void> {
  const slug = 'how-to-train'
  for (const token of [undefined, anah]) {
    const { article } = await ask('GetArticle', { slug }, { token })
    expect([article.body, article.author.username]).toEqual(['Patiently.', 'jake'])
  }
  const change = (slug: string, article: object) =>
    ask('UpdateArticle', { slug }, { token: jake, body: { article } })
  const { article } = await change(slug, { body: 'With hands.' })
  expect(article).toMatchObject({ ...text, body: 'With hands.', slug })
  expect(article.tagList).toEqual(['dragons', 'training'])
  // Another title is another address, and the old one leads nowhere.
  expect((await change(slug, { title: 'How to tame' })).article.slug).toBe('how-to-tame')
  await fails(404, 'GetArticle', { slug })
  expect((await change('how-to-tame', { title: text.title })).article.slug).toBe(slug)
  expect((await change(slug, {})).article.body).toBe('With hands.')

  const body = { article: { body: 'no' } }
  await fails(401, 'UpdateArticle', { slug }, { body })
  await fails(403, 'UpdateArticle', { slug }, { token: anah, body })
  await fails(404, 'UpdateArticle', { slug: 'none' }, { token: jake, body })
  await fails(422, 'UpdateArticle', { slug }, { token: jake, body: { article: { title: null } } })
}

async function feed({ ask, fails }: Walk, jake: string, anah: string): Promise<void> {
  const anahs = { username: 'anah' }
  expect((await ask('GetProfileByUsername', anahs)).profile.following).toBe(false)
  expect((await ask('GetArticlesFeed', {}, { token: jake })).articlesCount).toBe(0)
  for (const _ of ['first', 'again'])
    expect((await ask('FollowUserByUsername', anahs, { token: jake })).profile).toEqual({
      ...{ username: 'anah', bio: '', image: '', following: true },
    })
  expect((await ask('GetProfileByUsername', anahs, { token: jake })).profile.following).toBe(true)
  expect((await ask('GetProfileByUsername', anahs, { token: anah })).profile.following).toBe(false)

  const { articles, articlesCount } = await ask('GetArticlesFeed', {}, { token: jake })
  expect([articles[0].slug, articles[0].author.following, articlesCount]).toEqual([
    ...['other', true, 1],
  ])
  const second = await ask('GetArticlesFeed', {}, query('?limit=1&offset=1', jake))
  expect([second.articles, second.articlesCount]).toEqual([[], 1])
  await fails(401, 'GetArticlesFeed')
  await fails(422, 'GetArticlesFeed', {}, query('?limit=0', jake))

  for (const _ of ['first', 'again'])
    expect((await ask('UnfollowUserByUsername', anahs, { token: jake })).profile.following).toBe(
      false,
    )
  const nobody = { username: 'nobody' }
  await fails(404, 'GetProfileByUsername', nobody)
  await fails(404, 'FollowUserByUsername', nobody, { token: jake })
  await fails(404, 'UnfollowUserByUsername', nobody, { token: jake })
  await fails(401, 'FollowUserByUsername', anahs)
  await fails(401, 'UnfollowUserByUsername', anahs)
}

async function comments({ ask, fails }: Walk, jake: string, anah: string): Promise<void> {
  const slug = 'how-to-train'
  expect((await ask('GetArticleComments', { slug })).comments).toEqual([])
  const body = { comment: { body: 'His name was my name too.' } }
  const { comment } = await ask('CreateArticleComment', { slug }, { token: anah, body })
  expect(comment).toMatchObject({ ...body.comment, author: { username: 'anah' } })
  for (const token of [undefined, jake])
    expect((await ask('GetArticleComments', { slug }, { token })).comments).toEqual([comment])

  await fails(401, 'CreateArticleComment', { slug }, { body })
  await fails(422, 'CreateArticleComment', { slug }, { token: anah, body: { comment: {} } })
  await fails(404, 'CreateArticleComment', { slug: 'none' }, { token: anah, body })
  await fails(404, 'GetArticleComments', { slug: 'none' })

  const { id } = comment
  await fails(401, 'DeleteArticleComment', { slug, id })
  await fails(403, 'DeleteArticleComment', { slug, id }, { token: jake })
  await fails(404, 'DeleteArticleComment', { slug: 'other', id }, { token: anah })
  await fails(404, 'DeleteArticleComment', { slug, id: 999 }, { token: anah })
  await fails(422, 'DeleteArticleComment', { slug, id: 'x' }, { token: anah })
  await ask('DeleteArticleComment', { slug, id }, { token: anah })
  await fails(404, 'DeleteArticleComment', { slug, id }, { token: anah })
}

async function favorites({ ask, fails }: Walk, jake: string, anah: string): Promise<void> {
  const slug = 'how-to-train'
  const seen = async (name: Name, token?: string) => {
    const { article } = await ask(name, { slug }, { token })
    return [article.favorited, article.favoritesCount]
  }
  for (const _ of ['first', 'again'])
    expect(await seen('CreateArticleFavorite', anah)).toEqual([true, 1])
  expect(await seen('GetArticle', jake)).toEqual([false, 1])
  expect(await seen('GetArticle')).toEqual([false, 1])
  expect(await seen('CreateArticleFavorite', jake)).toEqual([true, 2])
  const { articles } = await ask('GetArticles', {}, query('?favorited=anah', anah))
  expect(articles.map((one: any) => [one.slug, one.favorited])).toEqual([[slug, true]])
  for (const _ of ['first', 'again'])
    expect(await seen('DeleteArticleFavorite', anah)).toEqual([false, 1])
  for (const name of ['CreateArticleFavorite', 'DeleteArticleFavorite'] as const) {
    await fails(401, name, { slug })
    await fails(404, name, { slug: 'none' }, { token: jake })
  }
}

async function end({ ask, fails }: Walk, jake: string, anah: string): Promise<void> {
  const slug = 'how-to-train'
  expect((await ask('GetTags')).tags).toEqual(['dragons', 'training'])
  const body = { comment: { body: 'Too late.' } }
  await ask('CreateArticleComment', { slug }, { token: anah, body })
  await fails(401, 'DeleteArticle', { slug })
  await fails(403, 'DeleteArticle', { slug }, { token: anah })
  await ask('DeleteArticle', { slug }, { token: jake })
  await fails(404, 'DeleteArticle', { slug }, { token: jake })
  await fails(404, 'GetArticle', { slug })
  expect((await ask('GetTags')).tags).toEqual([])
  expect((await ask('GetArticles')).articlesCount).toBe(1)
}
