import type { IndexSchema } from './schema.ts'
import { sqlTokens, type Token } from './sql-tokens.ts'

/** What only the text of a CREATE TABLE tells. */
export interface CreateTable {
  readonly checks: readonly CheckText[]
  /** Whether the key is counted up: AUTOINCREMENT. */
  readonly isCounted: boolean
  /** Words for which a TableSchema has no place. */
  readonly extras: readonly string[]
}

interface CheckText {
  readonly name: string | undefined
  /** The column that it stands with, or its number among those of the table. */
  readonly about: string
  readonly sql: string
}

/**
 * Reads the text of a CREATE TABLE, as SQLite keeps it.
 *
 * @example
 * readCreateTable('CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER CHECK (age >= 0))').checks
 * // [{ name: undefined, about: 'age', sql: 'age >= 0' }]
 */
export function readCreateTable(sql: string): CreateTable {
  const definitions = partsOf(bodyOf(sql))
  const words = new Set(definitions.flatMap((part) => wordsOf(part.slice(1))))
  return {
    checks: definitions.flatMap((part, i) => checksIn(sql, part, i)),
    isCounted: words.has('AUTOINCREMENT'),
    extras: lostWords.filter((word) => words.has(word)),
  }
}

/**
 * Reads the text of a CREATE INDEX.
 *
 * @example
 * readCreateIndex('CREATE INDEX ix ON posts (lower(title), id DESC) WHERE published')
 * // { on: ['lower(title)', 'id DESC'], isUnique: false, where: 'published' }
 */
export function readCreateIndex(sql: string): Omit<IndexSchema, 'name'> {
  const body = bodyOf(sql)
  const end = body.at(-1)!
  const rest = sql.slice(sql.indexOf(')', end.at + end.text.length) + 1)
  return {
    on: partsOf(body).map((part) => bare(textOf(sql, opened(part)))),
    isUnique: /^create\s+unique/i.test(sql),
    where: rest.match(/^\s*where\s+(.*)$/is)?.[1]?.trim(),
  }
}

const lostWords = ['COLLATE', 'DEFERRABLE', 'CONFLICT']

/** A token, and how many parentheses are open around it, those of the body not counted. */
type Placed = Token & { readonly depth: number }

/** What stands between the first parenthesis and the one that closes it. */
function bodyOf(sql: string): Placed[] {
  const body: Placed[] = []
  let depth = -1
  for (const token of sqlTokens(sql)) {
    if (token.text === ')' && --depth < 0) return body
    if (depth >= 0 && token.kind !== 'space' && token.kind !== 'comment')
      body.push({ ...token, depth })
    if (token.text === '(') depth++
  }
  return body
}

/** The parts between the commas. */
function partsOf(body: readonly Placed[]): Placed[][] {
  const parts: Placed[][] = [[]]
  for (const token of body) {
    if (token.text === ',' && token.depth === 0) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts
}

/** Without the parentheses around all of it. */
function opened(part: readonly Placed[]): readonly Placed[] {
  const end = part.findIndex(({ text, depth }, i) => i > 0 && text === ')' && depth === 0)
  return part[0]?.text === '(' && end === part.length - 1
    ? opened(part.slice(1, -1).map(lifted))
    : part
}

const lifted = (token: Placed): Placed => ({ ...token, depth: token.depth - 1 })

function checksIn(sql: string, part: readonly Placed[], place: number): CheckText[] {
  const isOfTable = /^(constraint|check)$/i.test(part[0]?.text ?? '')
  return part.flatMap((token, i) => {
    if (token.depth > 0 || token.text.toUpperCase() !== 'CHECK') return []
    const end = part.findIndex((other, j) => j > i + 1 && other.depth === 0 && other.text === ')')
    const isNamed = part[i - 2]?.text.toUpperCase() === 'CONSTRAINT'
    return {
      name: isNamed ? unquoted(part[i - 1]!.text) : undefined,
      about: isOfTable ? String(place) : unquoted(part[0]!.text),
      sql: textOf(sql, part.slice(i + 2, end)),
    }
  })
}

const wordsOf = (part: readonly Placed[]) =>
  part
    .filter(({ kind, depth }) => kind === 'word' && depth === 0)
    .map(({ text }) => text.toUpperCase())

/** The text as it was written, from the first token to the last. */
function textOf(sql: string, tokens: readonly Token[]): string {
  const last = tokens.at(-1)
  return last ? sql.slice(tokens[0]!.at, last.at + last.text.length) : ''
}

/** A column's name loses its quotes; an expression stays. */
const bare = (text: string) =>
  /^("(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])$/.test(text) ? unquoted(text) : text

function unquoted(name: string): string {
  const quote = name[0]
  if (quote === '"' || quote === '`') return name.slice(1, -1).replaceAll(quote + quote, quote)
  return quote === '[' ? name.slice(1, -1) : name
}
