import { z } from 'zod'

// What the RealWorld API (Conduit 1.1.0) promises, written down a second time and without the blog's own schemas: whoever
// checks their answers with the schemas that made them finds every answer right.

const time = z.iso.datetime()

const profile = z.strictObject({
  username: z.string(),
  bio: z.string(),
  image: z.string(),
  following: z.boolean(),
})
const summary = z.strictObject({
  slug: z.string().min(1),
  title: z.string(),
  description: z.string(),
  tagList: z.array(z.string()),
  createdAt: time,
  updatedAt: time,
  favorited: z.boolean(),
  favoritesCount: z.int().min(0),
  author: profile,
})
const comment = z.strictObject({
  id: z.int(),
  createdAt: time,
  updatedAt: time,
  body: z.string(),
  author: profile,
})

/** Every answer, to the last property. */
const answers = {
  user: z.strictObject({
    user: z.strictObject({
      email: z.string(),
      token: z.string().min(1),
      username: z.string(),
      bio: z.string(),
      image: z.string(),
    }),
  }),
  profile: z.strictObject({ profile }),
  article: z.strictObject({ article: summary.extend({ body: z.string() }) }),
  articles: z.strictObject({ articles: z.array(summary), articlesCount: z.int().min(0) }),
  comment: z.strictObject({ comment }),
  comments: z.strictObject({ comments: z.array(comment) }),
  tags: z.strictObject({ tags: z.array(z.string()) }),
  nothing: z.undefined(),
}

/** How every request fails. */
export const failure = z.object({
  errors: z.object({ body: z.array(z.string().min(1)).min(1) }).catchall(z.array(z.string())),
})

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api`. */
  readonly path: string
  readonly status: 200 | 201 | 204
  readonly answer: z.ZodType
  /** Whether a token is needed; where it is not, it may still be sent. */
  readonly needsToken: boolean
  readonly query: readonly string[]
  /** The fields of the body, those that may be left out with a question mark. */
  readonly fields: readonly string[]
}

const operation = (
  method: Operation['method'],
  path: string,
  status: Operation['status'],
  answer: keyof typeof answers,
  more: { readonly needsToken?: true; readonly query?: string[]; readonly fields?: string[] } = {},
): Operation => ({
  ...{ method, path, status, answer: answers[answer] },
  ...{ needsToken: false, query: [], fields: [], ...more },
})

const needsToken = true
const slice = ['limit', 'offset']

/** All of them, by the names that the specification gives them. */
export const operations = {
  Login: operation('POST', '/users/login', 200, 'user', {
    fields: ['user.email', 'user.password'],
  }),
  CreateUser: operation('POST', '/users', 201, 'user', {
    fields: ['user.username', 'user.email', 'user.password'],
  }),
  GetCurrentUser: operation('GET', '/user', 200, 'user', { needsToken }),
  UpdateCurrentUser: operation('PUT', '/user', 200, 'user', {
    needsToken,
    fields: ['user.email?', 'user.password?', 'user.username?', 'user.bio?', 'user.image?'],
  }),
  GetProfileByUsername: operation('GET', '/profiles/{username}', 200, 'profile'),
  FollowUserByUsername: operation('POST', '/profiles/{username}/follow', 200, 'profile', {
    needsToken,
  }),
  UnfollowUserByUsername: operation('DELETE', '/profiles/{username}/follow', 200, 'profile', {
    needsToken,
  }),
  GetArticlesFeed: operation('GET', '/articles/feed', 200, 'articles', {
    needsToken,
    query: slice,
  }),
  GetArticles: operation('GET', '/articles', 200, 'articles', {
    query: [...slice, 'tag', 'author', 'favorited'],
  }),
  CreateArticle: operation('POST', '/articles', 201, 'article', {
    needsToken,
    fields: ['article.title', 'article.description', 'article.body', 'article.tagList?'],
  }),
  GetArticle: operation('GET', '/articles/{slug}', 200, 'article'),
  UpdateArticle: operation('PUT', '/articles/{slug}', 200, 'article', {
    needsToken,
    fields: ['article.title?', 'article.description?', 'article.body?'],
  }),
  DeleteArticle: operation('DELETE', '/articles/{slug}', 204, 'nothing', { needsToken }),
  GetArticleComments: operation('GET', '/articles/{slug}/comments', 200, 'comments'),
  CreateArticleComment: operation('POST', '/articles/{slug}/comments', 200, 'comment', {
    needsToken,
    fields: ['comment.body'],
  }),
  DeleteArticleComment: operation('DELETE', '/articles/{slug}/comments/{id}', 204, 'nothing', {
    needsToken,
  }),
  CreateArticleFavorite: operation('POST', '/articles/{slug}/favorite', 200, 'article', {
    needsToken,
  }),
  DeleteArticleFavorite: operation('DELETE', '/articles/{slug}/favorite', 200, 'article', {
    needsToken,
  }),
  GetTags: operation('GET', '/tags', 200, 'tags'),
} satisfies Record<string, Operation>

export type Name = keyof typeof operations

/** The address of an operation, with its parameters filled in. */
export const addressOf = (path: string, values: Record<string, string | number> = {}): string =>
  `/api${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!))}`
