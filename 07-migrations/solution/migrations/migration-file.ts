import { checksumOf } from './history.ts'
import { splitStatements } from './split.ts'
import { sqlTokens } from './sql-tokens.ts'
import { TransactionInFileError, UnreadableMigrationError } from './tool-errors.ts'

/** One way through a migration: up, to the new schema, or down, back to the old one. */
export interface Part {
  readonly statements: readonly string[]
  /** What is gone afterwards, in sentences: nothing runs before somebody agrees. */
  readonly losses: readonly string[]
  /** What it keeps others from doing for long, and the safer form, in sentences: told before it runs. */
  readonly locks: readonly string[]
}

/** A migration as its file says it. */
export interface Migration {
  /** The file's name without `.sql`: `0002_add_email_to_users`. */
  readonly name: string
  /** The migrations that it builds on: one as a rule, none for the first, several for a merge. */
  readonly after: readonly string[]
  /** False where the file says `-- no transaction`, for what a database refuses inside one. */
  readonly isTransactional: boolean
  readonly up: Part
  /** Undefined when the file has no down part: there is no way back. */
  readonly down: Part | undefined
  readonly checksum: string
}

/**
 * Reads the text of a migration's file.
 *
 * @example
 * parseMigration('0002_add_email_to_users', `
 * -- after: 0001_create_users
 * -- up
 * ALTER TABLE users ADD COLUMN email TEXT;
 * -- down
 * -- data loss: Column 'email' of table 'users' goes, with all its values.
 * ALTER TABLE users DROP COLUMN email;
 * `)
 *
 * @throws {UnreadableMigrationError} when there is no `-- up`, or when a part stands twice or out of order
 * @throws {TransactionInFileError} when it begins or ends a transaction of its own
 */
export function parseMigration(name: string, text: string): Migration {
  const script = text.replace(/^\uFEFF/, '')
  const [header, up, down] = partsOf(name, script)
  const migration = {
    name,
    after: remarks(header, 'after').flatMap((names) => names.split(/[\s,]+/)),
    isTransactional: remarks(header, 'no transaction').length === 0,
    up: readPart(up),
    down: down === undefined ? undefined : readPart(down),
    checksum: checksumOf(text),
  }
  needWholeTransaction(migration)
  return migration
}

/** A COMMIT in the file would end the transaction of the tool, and what fails after it could not be taken back. */
function needWholeTransaction({ name, isTransactional, up, down }: Migration): void {
  const all = [...up.statements, ...(down?.statements ?? [])]
  const found = isTransactional && all.find((sql) => transactionWord.test(sql))
  if (found) throw new TransactionInFileError(name, found)
}

/** `ROLLBACK TO` a savepoint ends nothing. */
const transactionWord =
  /^(BEGIN|START\s+TRANSACTION|COMMIT|END|ABORT|ROLLBACK(?!(\s+\w+)?\s+TO\b))\b/i

/**
 * The text of a migration's file: what {@link parseMigration} reads.
 *
 * @example
 * formatMigration({ after: ['0001_create_users'], isTransactional: true, up, down })
 */
export function formatMigration(migration: Omit<Migration, 'name' | 'checksum'>): string {
  const { after, isTransactional, up, down } = migration
  const header = [
    ...(after.length > 0 ? [`-- after: ${after.join(', ')}`] : []),
    ...(isTransactional ? [] : ['-- no transaction']),
  ]
  const parts = [formatPart('up', up), ...(down ? [formatPart('down', down)] : [])]
  return `${[...header, ...parts].join('\n').trimStart()}\n`
}

const formatPart = (name: string, { statements, losses, locks }: Part) =>
  [
    `\n-- ${name}`,
    ...losses.map((loss) => `-- data loss: ${inOneLine(loss)}`),
    ...locks.map((lock) => `-- long lock: ${inOneLine(lock)}`),
    ...statements.map(ended),
  ].join('\n')

/** Behind a comment in the same line, the semicolon would be part of it. */
const ended = (sql: string) => (/--.*$/.test(sql) ? `${sql}\n;` : `${sql};`)

/** What came behind a line break would stand outside of the comment, and be run. */
const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ')

/** The header, the up part and the down part. A `-- down` inside a text is not a mark. */
function partsOf(name: string, script: string): [string, string, string | undefined] {
  const marks = sqlTokens(script).flatMap(({ kind, text, at }) => {
    const [, part] = (kind === 'comment' && /^--\s*(up|down)\s*$/i.exec(text)) || []
    return part ? [{ part: part.toLowerCase(), at, end: at + text.length }] : []
  })
  const [up, down, ...more] = marks
  if (up?.part !== 'up' || (down && down.part !== 'down') || more.length > 0)
    throw new UnreadableMigrationError(name, marks)
  return [script.slice(0, up.at), script.slice(up.end, down?.at), down && script.slice(down.end)]
}

const readPart = (script: string): Part => ({
  statements: splitStatements(script),
  losses: remarks(script, 'data loss'),
  locks: remarks(script, 'long lock'),
})

/** What the comments of one kind say: of `-- after: a, b` it is `a, b`. */
function remarks(script: string, word: string): string[] {
  const line = new RegExp(`^--\\s*${word}\\s*(?::\\s*(.*?))?\\s*$`, 'i')
  return sqlTokens(script).flatMap(({ kind, text }) => {
    const found = kind === 'comment' && line.exec(text)
    return found ? [found[1] ?? ''] : []
  })
}
