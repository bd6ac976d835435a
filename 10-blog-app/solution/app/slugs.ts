import { randomBytes } from 'node:crypto'
import { UniqueViolation } from '#shared/driver/errors'
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
  const words =
    withoutAccents(title)
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  // The cut may leave half of a character at the end.
  const slug = words
    .join('-')
    .slice(0, 80)
    .replace(/[-\p{Cs}]+$/u, '')
  return slug === '' || reserved.has(slug) ? `${slug || 'article'}-${suffix()}` : slug
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
  const plain = slugOf(title)
  for (let attempt = 1; ; attempt++) {
    const slug = attempt === 1 ? plain : `${plain}-${suffix()}`
    try {
      return await session.transaction(() => store(slug))
    } catch (error) {
      if (attempt >= attempts || !isSlugTaken(error)) throw error
    }
  }
}

const isSlugTaken = (error: unknown): boolean =>
  error instanceof UniqueViolation && error.columns.some((column) => column.endsWith('.slug'))
