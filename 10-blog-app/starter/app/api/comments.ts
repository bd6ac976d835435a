import { currentSession } from '../../session/context.ts'
import { checkAuthor } from '../articles.ts'
import { commentsOf, needArticleRow } from '../comments.ts'
import { notFound } from '../errors.ts'
import { Comment, type User } from '../models.ts'
import { BySlug, BySlugAndId, CommentAnswer, CommentsAnswer, NewComment } from '../schemas.ts'
import { commentJson, type FullComment } from '../serializers.ts'
import { followedAmong } from '../viewing.ts'
import { closed, createRoute, createRoutes, failures, json, jsonBody, open } from './routes.ts'

const tags = ['Comments']

const list = createRoute({
  method: 'get',
  path: '/articles/{slug}/comments',
  tags,
  ...open,
  summary: 'The comments of an article, the oldest first',
  request: { params: BySlug },
  responses: { 200: json('The comments', CommentsAnswer), ...failures },
})
const create = createRoute({
  method: 'post',
  path: '/articles/{slug}/comments',
  tags,
  ...closed,
  summary: 'Comment on an article',
  request: { params: BySlug, body: jsonBody(NewComment) },
  responses: { 200: json('The comment', CommentAnswer), ...failures },
})
const remove = createRoute({
  method: 'delete',
  path: '/articles/{slug}/comments/{id}',
  tags,
  ...closed,
  summary: 'Delete a comment',
  request: { params: BySlugAndId },
  responses: { 204: { description: 'It is gone' }, ...failures },
})

/** Comments: everybody reads them, who is logged in writes them, who wrote one may delete it. */
export const commentsApi = () =>
  createRoutes()
    .openapi(list, async (c) => {
      const session = currentSession()
      const article = await needArticleRow(session, c.req.valid('param').slug)
      const comments = await commentsOf(session, article)
      const authors = comments.map(({ authorId }) => authorId)
      const following = await followedAmong(session, authors, c.var.viewer)
      return c.json({ comments: comments.map((one) => commentJson(one, { following })) }, 200)
    })
    .openapi(create, async (c) => {
      const { slug } = c.req.valid('param')
      const comment = await addComment(slug, c.var.viewer, c.req.valid('json').comment.body)
      // Nobody follows themselves.
      return c.json({ comment: commentJson(comment, { following: new Set() }) }, 200)
    })
    .openapi(remove, async (c) => {
      const { slug, id } = c.req.valid('param')
      const article = await needArticleRow(currentSession(), slug)
      const comment = await currentSession().find(Comment, id)
      if (comment?.articleId !== article.id) throw notFound('comment')
      checkAuthor(comment, c.var.viewer)
      currentSession().delete(comment)
      await currentSession().flush()
      return c.body(null, 204)
    })

async function addComment(slug: string, author: User, body: string): Promise<FullComment> {
  const session = currentSession()
  const { id: articleId } = await needArticleRow(session, slug)
  const comment = new Comment({ body, articleId, author })
  session.add(comment)
  await session.flush()
  // The author is in the session already: nothing is sent.
  const [full] = await session.load([comment], { author: true })
  return full!
}
