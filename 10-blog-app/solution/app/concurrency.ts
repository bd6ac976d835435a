import { HttpError } from './errors.ts'
import type { Article } from './models.ts'

/**
 * The state of an article as a client may quote it: its version, which grows with every change.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-etag
 */
export const etagOf = ({ id, version }: Pick<Article, 'id' | 'version'>): string =>
  `"${id}-${version}"`

/**
 * Refuses a change that is based on an old reading. Without `If-Match` the client says that it does not care, and the
 * version column still refuses what happens between our own reading and writing.
 *
 * @example
 * checkIfMatch('"7-3"', article) // throws when the article is at version 4 by now
 *
 * @throws {HttpError} 412 when the article is another one by now
 */
export function checkIfMatch(header: string | undefined, article: Article): void {
  if (header === undefined || header.trim() === '*') return
  const quoted = header.split(',').map((tag) => tag.trim())
  if (!quoted.includes(etagOf(article)))
    throw new HttpError(412, {
      body: ['the article has changed since you read it: read it again, and decide again'],
    })
}
