import { currentSession } from '../session/context.ts'
import { createRoute, createRoutes, failures, json, jsonBody } from './api/routes.ts'
import { HttpError, notFound } from './errors.ts'
import { Post, User } from './models.ts'
import { ById, NewPost, PostAnswer, PostQuery, PostsAnswer, ShortUser } from './schemas.ts'
import { postJson } from './serializers.ts'

const tags = ['Posts']

const list = createRoute({
  method: 'get',
  path: '/posts',
  tags,
  summary: 'The posts, with the names of their authors. Link leads to the next page',
  request: { query: PostQuery },
  responses: { 200: json('The posts', PostsAnswer), ...failures },
})
const create = createRoute({
  method: 'post',
  path: '/posts',
  tags,
  summary: 'Write a post',
  request: { body: jsonBody(NewPost) },
  responses: { 201: json('The post', PostAnswer), ...failures },
})
const show = createRoute({
  method: 'get',
  path: '/posts/{id}',
  tags,
  summary: 'One post',
  request: { params: ById },
  responses: { 200: json('The post', PostAnswer), ...failures },
})
const user = createRoute({
  method: 'get',
  path: '/users/{id}',
  tags,
  summary: 'The user with an id',
  request: { params: ById },
  responses: { 200: json('The user', ShortUser), ...failures },
})

/** Posts: the smallest blog that there is. */
export function postsApi() {
  return createRoutes()
    .openapi(list, async (c) => {
      const { limit, after = 0 } = c.req.valid('query')
      // One more than is shown tells whether the list goes on.
      const found = await postsAfter(after, limit + 1)
      const posts = found.slice(0, limit)
      const last = posts.at(-1)
      if (last && found.length > limit)
        c.header('Link', `</posts/?after=${last.id}&limit=${limit}>; rel="next"`)
      return c.json(posts.map(postJson), 200)
    })
    .openapi(create, async (c) => {
      const session = currentSession()
      const { title, user_id } = c.req.valid('json')
      const author = await session.find(User, user_id)
      if (!author) throw new HttpError(422, noUser)
      const post = new Post({ title, author })
      session.add(post)
      await session.flush()
      const [full] = await session.load([post], { author: true })
      return c.json(postJson(full!), 201)
    })
    .openapi(show, async (c) => {
      const { id } = c.req.valid('param')
      const post = await currentSession().find(Post, id, { with: { author: true } })
      if (!post) throw notFound('post')
      return c.json(postJson(post), 200)
    })
    .openapi(user, async (c) => {
      const user = await currentSession().find(User, c.req.valid('param').id)
      if (!user) throw notFound('user')
      return c.json({ id: user.id, name: user.username }, 200)
    })
}

const noUser = { body: ['user_id: there is no such user'], user_id: ['there is no such user'] }

/**
 * The posts after one, in the order of their ids: keyset pagination. It costs the same on the first page and on the last,
 * and a post that is written meanwhile moves no other post to another page.
 *
 * @example
 * await postsAfter(20, 10)
 * // SELECT id, title, user_id FROM posts WHERE id > ? ORDER BY id LIMIT ?
 * // SELECT id, username, … FROM users WHERE id IN (?, …)
 */
const postsAfter = (id: number, limit: number) =>
  currentSession()
    .query(Post)
    .where((p) => p.id.gt(id))
    .orderBy((p) => p.id)
    .limit(limit)
    .with({ author: true })
    .all()
