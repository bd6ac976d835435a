import { z } from '@hono/zod-openapi'

// What may come in at the door, and what goes out. Properties that are not named here are dropped: nobody becomes the author
// of an article, or gets another id, by writing it into the body.

/** Text that both databases can hold: PostgreSQL knows no NUL character. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'), 'must not hold a NUL character')
const filled = (most: number) =>
  text(most).refine((value) => value.trim() !== '', 'must not be empty')

/** A key of a row: 32 bits. */
const id = z.coerce.number().int().min(1).max(2_147_483_647)

// Users

const username = filled(40)
  .regex(/^[\p{L}\p{N}_. -]+$/u, 'may hold letters, digits, spaces and _ . -')
  .transform((name) => name.trim())
const email = filled(200)
  .pipe(z.email())
  .transform((address) => address.toLowerCase())
const password = filled(200).refine((value) => value.length >= 8, 'needs 8 characters at least')
/** null is a way to say "nothing". */
const cleared = (schema: z.ZodType<string, string>) =>
  schema.nullable().transform((value) => value ?? '')
/** A link that a page may show: never `javascript:`. */
const image = text(500).refine((value) => value === '' || /^https?:\/\//.test(value), {
  message: 'must be a link that begins with http:// or https://',
})

export const NewUser = z
  .object({ user: z.object({ username, email, password }) })
  .openapi('NewUser')
export const Login = z
  .object({
    user: z.object({
      email: text(200).transform((address) => address.toLowerCase()),
      password: text(200),
    }),
  })
  .openapi('LoginUser')
export const ChangedUser = z
  .object({
    user: z
      .object({ username, email, password, bio: cleared(text(2000)), image: cleared(image) })
      .partial()
      .refine((user) => Object.keys(user).length > 0, 'say at least one thing to change'),
  })
  .openapi('UpdateUser')

const Profile = z
  .object({ username: z.string(), bio: z.string(), image: z.string(), following: z.boolean() })
  .openapi('Profile')

export const UserAnswer = z
  .object({
    user: z
      .object({
        email: z.string(),
        token: z.string(),
        username: z.string(),
        bio: z.string(),
        image: z.string(),
      })
      .openapi('User'),
  })
  .openapi('UserResponse')
export const ProfileAnswer = z.object({ profile: Profile }).openapi('ProfileResponse')
export const NamedUser = z.object({ username: text(40) })

// Articles

const title = filled(200)
const description = filled(500)
const body = filled(50_000)

export const NewArticle = z
  .object({
    article: z.object({
      title,
      description,
      body,
      tagList: z
        .array(filled(40).transform((name) => name.trim()))
        .max(20)
        .default([]),
    }),
  })
  .openapi('NewArticle')
export const ChangedArticle = z
  .object({ article: z.object({ title, description, body }).partial() })
  .openapi('UpdateArticle')

const slice = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
}
export const Slice = z.object(slice)
export const ArticleQuery = z.object({
  ...slice,
  tag: text(40).optional(),
  author: text(40).optional(),
  favorited: text(40).optional(),
})
export const BySlug = z.object({ slug: text(120) })
export const IfMatch = z.object({ 'if-match': z.string().optional() })

const Summary = z
  .object({
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    tagList: z.array(z.string()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    favorited: z.boolean(),
    favoritesCount: z.number().int(),
    author: Profile,
  })
  .openapi('ArticleSummary')
export const ArticleAnswer = z
  .object({ article: Summary.extend({ body: z.string() }).openapi('Article') })
  .openapi('SingleArticleResponse')
export const ArticlesAnswer = z
  .object({ articles: z.array(Summary), articlesCount: z.number().int() })
  .openapi('MultipleArticlesResponse')
export const TagsAnswer = z.object({ tags: z.array(z.string()) }).openapi('TagsResponse')

// Comments

export const NewComment = z
  .object({ comment: z.object({ body: filled(10_000) }) })
  .openapi('NewComment')
export const BySlugAndId = z.object({ slug: text(120), id })

const Comment = z
  .object({
    id: z.number().int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    body: z.string(),
    author: Profile,
  })
  .openapi('Comment')
export const CommentAnswer = z.object({ comment: Comment }).openapi('SingleCommentResponse')
export const CommentsAnswer = z
  .object({ comments: z.array(Comment) })
  .openapi('MultipleCommentsResponse')

// The short posts

export const NewPost = z.object({ title: filled(200), user_id: id }).openapi('NewPost')
export const PostAnswer = z
  .object({ id: z.number().int(), title: z.string(), author_name: z.string() })
  .openapi('Post')
export const PostsAnswer = z.array(PostAnswer).openapi('Posts')
export const PostQuery = z.object({ limit: slice.limit, after: id.optional() })
export const ById = z.object({ id })
export const ShortUser = z.object({ id: z.number().int(), name: z.string() }).openapi('ShortUser')

// What went wrong

export const ErrorAnswer = z
  .object({ errors: z.object({ body: z.array(z.string()) }).catchall(z.array(z.string())) })
  .openapi('GenericErrorModel')

// The pages

const cursor = text(500).optional()
export const PageQuery = z
  .object({ after: cursor, before: cursor })
  .refine(({ after, before }) => !after || !before, 'a page is after a place or before one')
export const TagName = z.object({ tag: text(40) })
