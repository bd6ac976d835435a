import type { z } from 'zod'
import type { Loaded } from '../relations/types.ts'
import type { Article, Comment, Post, User } from './models.ts'
import type {
  ArticleAnswer,
  ArticlesAnswer,
  CommentAnswer,
  PostAnswer,
  ProfileAnswer,
  UserAnswer,
} from './schemas.ts'

// From objects to JSON, field by field: what is not named here never leaves the house, such as a password. Nothing here
// loads: the types ask for objects whose relations are there.

/** An article with what its JSON needs. */
export type FullArticle = Loaded<Article, { author: true; tags: true }>
export type FullComment = Loaded<Comment, { author: true }>
export type FullPost = Loaded<Post, { author: true }>

// What the document of the API promises.
type UserJson = z.output<typeof UserAnswer>['user']
type ProfileJson = z.output<typeof ProfileAnswer>['profile']
type SummaryJson = z.output<typeof ArticlesAnswer>['articles'][number]
type ArticleJson = z.output<typeof ArticleAnswer>['article']
type CommentJson = z.output<typeof CommentAnswer>['comment']
type PostJson = z.output<typeof PostAnswer>

/** What the reader has to do with authors and articles: found for a whole list at once. */
export interface Viewing {
  /** The ids of the authors whom the reader follows. */
  readonly following: ReadonlySet<number>
  /** The ids of the articles that are favourites of the reader. */
  readonly favorited: ReadonlySet<number>
  /** How many users an article is a favourite of, by the id of the article. */
  readonly favoritesCount: ReadonlyMap<number, number>
}

/**
 * A short post: the author is a name, and no object.
 *
 * @example
 * postJson(post) // { id: 1, title: 'My First Post', author_name: 'Alice' }
 */
export const postJson = ({ id, title, author }: FullPost): PostJson => ({
  id,
  title,
  author_name: author.username,
})

/** A user to that user alone. */
export const userJson = ({ email, username, bio, image }: User, token: string): UserJson => ({
  email,
  token,
  username,
  bio,
  image,
})

/** A user to everybody. */
export const profileJson = (
  { id, username, bio, image }: User,
  { following }: Pick<Viewing, 'following'>,
): ProfileJson => ({ username, bio, image, following: following.has(id) })

/** An article in a list: all but its text. */
export const summaryJson = (article: FullArticle, viewing: Viewing): SummaryJson => ({
  slug: article.slug,
  title: article.title,
  description: article.description,
  tagList: article.tags.map((tag) => tag.name).toSorted(),
  createdAt: article.createdAt.toISOString(),
  updatedAt: article.updatedAt.toISOString(),
  favorited: viewing.favorited.has(article.id),
  favoritesCount: viewing.favoritesCount.get(article.id) ?? 0,
  author: profileJson(article.author, viewing),
})

/** An article with its text. */
export const articleJson = (article: FullArticle, viewing: Viewing): ArticleJson => ({
  ...summaryJson(article, viewing),
  body: article.body,
})

/** A comment below its article. */
export const commentJson = (
  comment: FullComment,
  viewing: Pick<Viewing, 'following'>,
): CommentJson => ({
  id: comment.id,
  createdAt: comment.createdAt.toISOString(),
  updatedAt: comment.updatedAt.toISOString(),
  body: comment.body,
  author: profileJson(comment.author, viewing),
})
