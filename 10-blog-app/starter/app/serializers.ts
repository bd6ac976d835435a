import type { z } from 'zod'
import { todo } from '#shared/todo'
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
export function postJson(post: FullPost): PostJson {
  // TODO(1): id, title, and the name of the author.
  return todo('Task 1: objects to JSON')
}

/** A user to that user alone. */
export function userJson(user: User, token: string): UserJson {
  // TODO(1): the five fields that a user may see of themselves. The password is not among them.
  return todo('Task 1: objects to JSON')
}

/** A user to everybody. */
export function profileJson(user: User, { following }: Pick<Viewing, 'following'>): ProfileJson {
  // TODO(1): four fields. Does the reader follow this user? `following` holds ids.
  return todo('Task 1: objects to JSON')
}

/** An article in a list: all but its text. */
export function summaryJson(article: FullArticle, viewing: Viewing): SummaryJson {
  // TODO(1): JSON knows no dates and no collections: dates as `toISOString()` writes them, the names of the tags in the order of the
  // alphabet. An article that `favoritesCount` does not know has no favourites. The author is a profile.
  return todo('Task 1: objects to JSON')
}

/** An article with its text. */
export const articleJson = (article: FullArticle, viewing: Viewing): ArticleJson => ({
  ...summaryJson(article, viewing),
  body: article.body,
})

/** A comment below its article. */
export function commentJson(
  comment: FullComment,
  viewing: Pick<Viewing, 'following'>,
): CommentJson {
  // TODO(1): five fields, of which the author is a profile.
  return todo('Task 1: objects to JSON')
}
