import { randomBytes } from 'node:crypto'
import { UniqueViolation } from '#shared/driver/errors'
import { todo } from '#shared/todo'
import type { AsyncSession } from '../session/session.ts'

/** Names that stand in the place of a slug in an address. */
const reserved = new Set(['feed'])

/**
 * A title as it may stand in an address.
 *
 * @example
 * slugOf('Ça va, ORM?') // 'ca-va-orm'
 */
export function slugOf(title: string): string {
  // TODO(7): the words of the title in small letters, with `-` between them: `withoutAccents`, then /[\p{L}\p{M}\p{N}]+/gu. 80
  // characters at most; no `-` and no half of a character (\p{Cs}) at the end. Nothing becomes `article`; that,
  // and what is reserved, gets `-` and a `suffix()`.
  return todo('Task 7: every article its slug')
}

/** `é` is `e` and an accent, and the accent goes. Marks of other scripts stay: there they make another letter. */
const withoutAccents = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')

const suffix = () => randomBytes(4).toString('hex')

/**
 * Stores something under a slug that nobody has. To look first whether a slug is free would not help: another request may
 * take it between the look and the write. So it is written, and where the database says that it is taken, everything is
 * done again with another one.
 *
 * @param store is run in a transaction, and again in another one when the slug is taken
 *
 * @throws {UniqueViolation} when every attempt met a taken slug, or when something else is taken
 */
export async function withFreeSlug<T>(
  session: AsyncSession,
  title: string,
  store: (slug: string) => Promise<T>,
  attempts = 5,
): Promise<T> {
  // TODO(7): first the plain slug, then it with a `suffix()`, each attempt in a `session.transaction`. Go on only when the slug is
  // what was taken, and only so often.
  return todo('Task 7: every article its slug')
}

const isSlugTaken = (error: unknown): boolean =>
  error instanceof UniqueViolation && error.columns.some((column) => column.endsWith('.slug'))
