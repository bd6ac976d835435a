import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { articlesApi } from './api/articles.ts'
import { commentsApi } from './api/comments.ts'
import { favoritesApi } from './api/favorites.ts'
import { profilesApi } from './api/profiles.ts'
import { createRoutes, type Parts } from './api/routes.ts'
import { tagsApi } from './api/tags.ts'
import { usersApi } from './api/users.ts'
import { readTokensWith } from './auth/viewer.ts'
import { notFound } from './errors.ts'
import { pages } from './pages/pages.ts'
import { postsApi } from './posts.ts'

/** All addresses of the blog that need a session: the API, the posts and the pages. */
export function createBlog(parts: Parts): OpenAPIHono {
  const routes = createRoutes()
  routes.openAPIRegistry.registerComponent('securitySchemes', 'Token', token)
  routes.use('/api/*', readTokensWith(parts.tokens))
  for (const path of ['/api/user', '/api/users/*']) routes.use(path, keepFromCaches)
  for (const api of [usersApi, profilesApi, articlesApi, commentsApi, favoritesApi, tagsApi])
    routes.route('/api', api(parts))
  routes.route('/', postsApi())
  routes.route('/', pages())
  routes.notFound(() => {
    throw notFound('address')
  })
  // An error must reach the session, so that it rolls back. It is answered outside.
  routes.onError((error) => {
    throw error
  })
  return routes
}

/** An answer that holds a token is for one reader alone. */
const keepFromCaches: MiddlewareHandler = async (c, next) => {
  await next()
  c.header('Cache-Control', 'no-store')
}

/** For the document: how a client says who it is. */
const token = {
  type: 'apiKey',
  in: 'header',
  name: 'Authorization',
  description: 'Token …, as registering and logging in give it',
} as const

export const documentOf = (blog: OpenAPIHono) =>
  blog.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'A blog on your own ORM', version: '1.0.0' },
  })
