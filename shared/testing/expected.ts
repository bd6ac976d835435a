import type { Value } from '#shared/driver/driver'
import type { Summary } from './summary.ts'

/**
 * A statement as a test expects it. Any correct spelling of the SQL passes:
 *
 * - `'SELECT users'`: the verb and the main table; `'BEGIN'`, `'CREATE TABLE users'`
 * - `'UPDATE users SET name, email'`, `'INSERT users (name)'`: exactly these columns, in any order
 * - `{ statement: 'DELETE posts', parameters: [1] }`: with these bound values
 * - `{ sql: 'SELECT 1' }`: this very text, apart from white space and a closing semicolon
 */
export type ExpectedStatement =
  | string
  | { readonly statement: string; readonly parameters?: readonly Value[] }
  | { readonly sql: string; readonly parameters?: readonly Value[] }

/** One statement that was sent, as far as the matchers look at it. */
export interface Sent {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly summary: Summary
}

export function fits(expected: ExpectedStatement, sent: Sent): boolean {
  if (typeof expected === 'string') return fitsPattern(parsePattern(expected), sent.summary)
  if (expected.parameters && !sameValues(expected.parameters, sent.parameters)) return false
  return 'sql' in expected
    ? normalize(expected.sql) === normalize(sent.sql)
    : fitsPattern(parsePattern(expected.statement), sent.summary)
}

export function describeExpected(expected: ExpectedStatement): string {
  if (typeof expected === 'string') return expected
  const text = 'sql' in expected ? normalize(expected.sql) : expected.statement
  return expected.parameters ? `${text}  ${describeValues(expected.parameters)}` : text
}

export function describeValues(values: readonly unknown[]): string {
  return `[${values.map(describeValue).join(', ')}]`
}

/** SQL on one line, without a closing semicolon. */
export function normalize(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim().replace(/\s*;$/, '')
}

/** Reads `UPDATE users SET name, email` and `INSERT users (name)`; everything else is a verb and a name. */
function parsePattern(pattern: string): Summary {
  const shape = /^(.*?)(?:\s+SET\s+(.+)|\s*\((.*)\))?$/is.exec(pattern.trim())
  const { verb, target } = parseHead(shape?.[1] ?? '')
  const list = shape?.[2] ?? shape?.[3]
  const columns = list
    ?.split(',')
    .map((name) => name.trim().toLowerCase())
    .sort()
  return { verb, ...(target && { target }), ...(columns && { columns }) }
}

function parseHead(head: string): { verb: string; target: string | undefined } {
  const words = head.split(/\s+/)
  const isVerb = (word: string) => word !== '' && word === word.toUpperCase()
  const verbs = words.slice(
    0,
    Math.max(
      1,
      words.findIndex((word) => !isVerb(word)),
    ),
  )
  const verb = (words.every(isVerb) ? words : verbs).join(' ')
  const target = words.slice(verb.split(' ').length).at(-1)?.toLowerCase()
  if (!knownVerb(verb)) throw new TypeError(unreadable(head))
  return { verb, target }
}

const knownVerb = (verb: string) =>
  /^(SELECT|INSERT|REPLACE|UPDATE|DELETE|BEGIN|COMMIT|ROLLBACK( TO)?|SAVEPOINT|RELEASE|PRAGMA|(CREATE|DROP|ALTER) (TABLE|INDEX|VIEW|TRIGGER))$/.test(
    verb,
  )

const unreadable = (pattern: string) =>
  `The expected statement '${pattern}' is not a pattern: write a verb in capitals and a table, as in 'SELECT users' or 'UPDATE users SET name', or { sql: '…' } for a text.`

function fitsPattern(pattern: Summary, summary: Summary): boolean {
  return (
    pattern.verb === summary.verb &&
    (pattern.target === undefined || pattern.target === summary.target) &&
    (pattern.columns === undefined || sameValues(pattern.columns, summary.columns ?? []))
  )
}

function sameValues(expected: readonly unknown[], actual: readonly unknown[]): boolean {
  return expected.length === actual.length && expected.every((value, i) => same(value, actual[i]))
}

/** Byte arrays by content. To a database `1`, `1n` and `true` are one value, so they are one here too. */
function same(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
  return a === b || Object.is(a, b) || (isWhole(a) && isWhole(b) && BigInt(a) === BigInt(b))
}

function isWhole(value: unknown): value is number | bigint | boolean {
  return typeof value === 'bigint' || typeof value === 'boolean' || Number.isInteger(value)
}

function describeValue(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  return JSON.stringify(value) ?? String(value)
}
