import { isKeyword } from './keywords.ts'

/** Where databases differ in the SQL that they speak. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** A table's or column's name as it stands in SQL: bare where that is safe, quoted where it is not. */
  quoteIdentifier(name: string): string
  /** The mark for the parameter at this position, counted from 1. */
  placeholder(position: number): string
  /** The most parameters that one statement may have. */
  readonly maxParameters: number
  /** False where true and false are stored as 1 and 0. */
  readonly hasBooleans: boolean
  /** What stands before OFFSET where no LIMIT is meant; empty where nothing has to. */
  readonly noLimit: string
  /** The LIKE that takes `a` and `A` for the same. */
  readonly likeIgnoringCase: string
  /** Whether the type of a parameter has to be said where no column beside it tells. */
  readonly wantsTypes: boolean
}

/** @see https://www.sqlite.org/limits.html SQLITE_MAX_VARIABLE_NUMBER */
export const sqlite: Dialect = {
  name: 'sqlite',
  quoteIdentifier,
  placeholder: () => '?',
  maxParameters: 32_766,
  hasBooleans: false,
  noLimit: 'LIMIT -1',
  likeIgnoringCase: 'LIKE',
  wantsTypes: false,
}

/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html Bind: the count is 16 bits wide */
export const postgres: Dialect = {
  name: 'postgres',
  quoteIdentifier,
  placeholder: (position) => `$${position}`,
  maxParameters: 65_535,
  hasBooleans: true,
  noLimit: '',
  likeIgnoringCase: 'ILIKE',
  wantsTypes: true,
}

/**
 * Quotes an identifier where the standard asks for it: capitals, odd characters, keywords.
 * A quote inside the name is doubled, so that no name can end the quoting.
 *
 * @example
 * quoteIdentifier('user_id') // user_id
 * quoteIdentifier('order')   // "order"
 * quoteIdentifier('a"b')     // "a""b"
 *
 * @throws {TypeError} when the name is empty or holds a NUL, which no database takes
 */
function quoteIdentifier(name: string): string {
  if (isPlain(name)) return name
  if (name === '' || name.includes('\0')) throw new TypeError(badName(name))
  return `"${name.replaceAll('"', '""')}"`
}

const isPlain = (name: string) => /^[a-z_][a-z0-9_]*$/.test(name) && !isKeyword(name)

const badName = (name: string) =>
  `${JSON.stringify(name)} cannot name a table or a column. ` +
  'A name needs at least one character and no NUL. Names usually come from a declaration: look there for an empty or cut string.'
