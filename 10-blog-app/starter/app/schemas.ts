import { z } from '@hono/zod-openapi'

// What may come in at the door, and what goes out. Properties that are not named here are dropped: nobody becomes the author
// of an article, or gets another id, by writing it into the body.

const missing = {
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is missing' : undefined),
}

/** What stands under a name of its own: `{ "user": { … } }`. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape, missing)

/** Text that comes back as it went in: PostgreSQL knows no NUL character, and no database half of a pair of surrogates. */
const text = (most: number) =>
  z
    .string(missing)
    .max(most, `must have ${most} characters at most`)
    .refine((value) => !/\0|\p{Surrogate}/u.test(value), 'must not hold a NUL or half a character')
const filled = (most: number) =>
  text(most).refine((value) => value.trim() !== '', 'must not be empty')

/** What somebody looks for in an address: what is too long to be there is not there. */
const wanted = text(2000)

/** What stands alone in an address: `/tags/..` would lead elsewhere. */
const named = (value: string) => !/^\.+$/.test(value)
const unnamed = 'must not be dots alone'

/** A key of a row: 32 bits. */
const key = z.number(missing).int().min(1).max(2_147_483_647)

/** A number in an address, where everything is text. */
const digits = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)
const id = digits.pipe(key).openapi({ type: 'integer', minimum: 1 })

// Users

const username = filled(40)
  .regex(/^[\p{L}\p{M}\p{N}_. -]+$/u, 'may hold letters, digits, spaces and _ . -')
  .refine(named, unnamed)
  .transform((name) => name.normalize('NFC').trim())
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

export const NewUser = z.object({ user: part({ username, email, password }) }).openapi('NewUser')
export const Login = z
  .object({
    user: part({
      email: text(200).transform((address) => address.toLowerCase()),
      password: text(200),
    }),
  })
  .openapi('LoginUser')
export const ChangedUser = z
  .object({
    user: part({ username, email, password, bio: cleared(text(2000)), image: cleared(image) })
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
export const NamedUser = z.object({ username: wanted })

// Articles

const title = filled(200)
const description = filled(500)
const body = filled(50_000)
const tag = filled(40)
  .refine(named, unnamed)
  .transform((name) => name.normalize('NFC').trim())

export const NewArticle = z
  .object({
    article: part({
      title,
      description,
      body,
      tagList: z.array(tag).max(20).default([]),
    }),
  })
  .openapi('NewArticle')
export const ChangedArticle = z
  .object({ article: part({ title, description, body }).partial() })
  .openapi('UpdateArticle')

const slice = {
  /** Who asks for more than a hundred gets a hundred: `articlesCount` says that there are more. */
  limit: digits
    .pipe(z.number().min(1))
    .transform((limit) => Math.min(limit, 100))
    .default(20)
    .openapi({ type: 'integer', minimum: 1, default: 20 }),
  offset: digits.default(0).openapi({ type: 'integer', minimum: 0, default: 0 }),
}
export const Slice = z.object(slice)
export const ArticleQuery = z.object({
  ...slice,
  tag: wanted.optional(),
  author: wanted.optional(),
  favorited: wanted.optional(),
})
export const BySlug = z.object({ slug: wanted })
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
  .object({ comment: part({ body: filled(10_000) }) })
  .openapi('NewComment')
export const BySlugAndId = z.object({ slug: wanted, id })

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

export const NewPost = z.object({ title: filled(200), user_id: key }).openapi('NewPost')
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
  .refine(
    ({ after, before }) => after === undefined || before === undefined,
    'a page is after a place or before one',
  )
export const TagName = z.object({ tag: wanted })
