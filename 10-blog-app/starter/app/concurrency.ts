import { todo } from '#shared/todo'
import { HttpError } from './errors.ts'
import type { Article } from './models.ts'

/**
 * The state of an article as a client may quote it: its version, which grows with every change.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-etag
 */
export function etagOf({ id, version }: Pick<Article, 'id' | 'version'>): string {
  // TODO(6): text in double quotes, another one for every article and for every version.
  return todo('Task 6: the second writer hears of it')
}

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
  // TODO(6): no header and `*` fit everything. Otherwise it is a list of tags, of which one has to be that of the article:
  // the whole of it. If none is, throw an HttpError that says what to do.
  todo('Task 6: the second writer hears of it')
}
