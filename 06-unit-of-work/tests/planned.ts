import type { Session } from '#stage/06-unit-of-work'

/**
 * The statements that the next flush would send, each with its parameters, as `session.explain()` prints them.
 *
 * @example
 * planned(session) // ["UPDATE users SET name = ? WHERE id = ?   -- 'Robert', 2"]
 */
export function planned(session: Session): string[] {
  const [, statements = ''] = session.explain().split('\n\n')
  return statements
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'BEGIN')
}

/** The same, as far as the verb and the table: `['INSERT users', 'INSERT posts']`. */
export const plannedInShort = (session: Session): string[] =>
  planned(session).map((line) =>
    line.replace(/^(INSERT INTO|UPDATE|DELETE FROM) (\S+).*$/, (_, verb: string, table: string) =>
      [verb.split(' ')[0], table].join(' '),
    ),
  )
