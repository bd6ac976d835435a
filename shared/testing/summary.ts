import type { Token } from './tokens.ts'

/** What one statement is about, whatever its spelling. */
export interface Summary {
  /** `SELECT`, `UPDATE`, `BEGIN`, `CREATE TABLE`, … */
  readonly verb: string
  /** The main table (or index, view, savepoint), in lower case. */
  readonly target?: string
  /** Of an INSERT or UPDATE: the columns it writes, in lower case and sorted. */
  readonly columns?: readonly string[]
}

/**
 * Says what a statement does to which table, and which columns it writes.
 *
 * @example
 * summarize(tokenize('update "users" set "name" = ?, "age" = ?')) // { verb: 'UPDATE', target: 'users', columns: ['age', 'name'] }
 */
export function summarize(tokens: readonly Token[]): Summary {
  const body = withoutCtes(tokens)
  const verb = wordAt(body, 0) ?? ''
  const read = readers[verb]
  return read ? read(body) : { verb }
}

const readers: Record<string, (tokens: readonly Token[]) => Summary> = {
  SELECT: (tokens) => ({ verb: 'SELECT', ...target(mainTable(tokens)) }),
  INSERT: insert,
  REPLACE: (tokens) => ({ ...insert(tokens), verb: 'REPLACE' }),
  UPDATE: update,
  DELETE: (tokens) => ({ verb: 'DELETE', ...target(nameAfter(tokens, 'FROM')) }),
  BEGIN: () => ({ verb: 'BEGIN' }),
  START: () => ({ verb: 'BEGIN' }),
  COMMIT: () => ({ verb: 'COMMIT' }),
  END: () => ({ verb: 'COMMIT' }),
  ROLLBACK: rollback,
  SAVEPOINT: (tokens) => ({ verb: 'SAVEPOINT', ...target(nameAt(tokens, 1)) }),
  RELEASE: (tokens) => ({ verb: 'RELEASE', ...target(tokens.at(-1)?.text) }),
  CREATE: definition,
  DROP: definition,
  ALTER: definition,
  PRAGMA: (tokens) => ({ verb: 'PRAGMA', ...target(nameAt(tokens, 1)) }),
}

/** `WITH a AS (…), b AS (…) SELECT …` is about what follows the last parenthesis. */
function withoutCtes(tokens: readonly Token[]): readonly Token[] {
  if (wordAt(tokens, 0) !== 'WITH') return tokens
  const verbs = ['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE']
  const start = tokens.findIndex((t, i) => t.depth === 0 && verbs.includes(wordAt(tokens, i) ?? ''))
  return start < 0 ? tokens : tokens.slice(start)
}

/** The first table after the outer FROM; of a derived table, the table inside it. */
function mainTable(tokens: readonly Token[]): string | undefined {
  const depth = tokens[0]?.depth ?? 0
  const from = tokens.findIndex((t, i) => t.depth === depth && isFrom(tokens, i))
  if (from < 0) return undefined
  if (tokens[from + 1]?.text !== '(') return nameAt(tokens, from + 1)
  const inner = tokens.findIndex((t, i) => i > from && t.text !== '(')
  return wordAt(tokens, inner) === 'SELECT' ? mainTable(tokens.slice(inner)) : nameAt(tokens, inner)
}

/** `IS DISTINCT FROM` compares; it names no table. */
function isFrom(tokens: readonly Token[], i: number): boolean {
  return wordAt(tokens, i) === 'FROM' && !(i > 1 && wordAt(tokens, i - 1) === 'DISTINCT')
}

function insert(tokens: readonly Token[]): Summary {
  const into = tokens.findIndex((_, i) => wordAt(tokens, i) === 'INTO')
  const open = tokens.findIndex((t, i) => i > into && t.depth === 0 && t.text === '(')
  const values = tokens.findIndex(
    (_, i) => i > into && /^(VALUES|SELECT|DEFAULT)$/.test(wordAt(tokens, i) ?? ''),
  )
  const named = open > 0 && (values < 0 || open < values)
  return {
    verb: 'INSERT',
    ...target(nameAt(tokens, into + 1)),
    ...(named && { columns: sorted(listAt(tokens, open)) }),
  }
}

function update(tokens: readonly Token[]): Summary {
  const set = tokens.findIndex((t, i) => t.depth === 0 && wordAt(tokens, i) === 'SET')
  const start = wordAt(tokens, 1) === 'OR' ? 3 : wordAt(tokens, 1) === 'ONLY' ? 2 : 1
  return {
    verb: 'UPDATE',
    ...target(nameAt(tokens, start)),
    columns: sorted(assigned(tokens, set + 1)),
  }
}

/** The names on the left of `a = 1, (b, c) = (2, 3)`. */
function assigned(tokens: readonly Token[], start: number): string[] {
  const names: string[] = []
  for (let i = start; i < tokens.length; i++) {
    const begins = i === start || (tokens[i - 1]?.text === ',' && tokens[i - 1]?.depth === 0)
    if (endsAssignments(tokens, i)) break
    if (begins)
      names.push(...(tokens[i]?.text === '(' ? listAt(tokens, i) : [tokens[i]?.text ?? '']))
  }
  return names
}

function endsAssignments(tokens: readonly Token[], i: number): boolean {
  const ends = /^(WHERE|FROM|RETURNING|ORDER|LIMIT)$/.test(wordAt(tokens, i) ?? '')
  return ends && tokens[i]?.depth === 0 && wordAt(tokens, i - 1) !== 'DISTINCT'
}

function rollback(tokens: readonly Token[]): Summary {
  const to = tokens.findIndex((_, i) => wordAt(tokens, i) === 'TO')
  return to < 0 ? { verb: 'ROLLBACK' } : { verb: 'ROLLBACK TO', ...target(tokens.at(-1)?.text) }
}

/** `CREATE TEMP TABLE IF NOT EXISTS users` is `CREATE TABLE users`. */
function definition(tokens: readonly Token[]): Summary {
  const kinds = ['TABLE', 'INDEX', 'VIEW', 'TRIGGER', 'SEQUENCE', 'TYPE', 'SCHEMA']
  const at = tokens.findIndex((_, i) => kinds.includes(wordAt(tokens, i) ?? ''))
  if (at < 0) return { verb: wordAt(tokens, 0) ?? '' }
  const name = tokens.findIndex((t, i) => i > at && !isIfExists(t))
  return { verb: `${wordAt(tokens, 0)} ${wordAt(tokens, at)}`, ...target(nameAt(tokens, name)) }
}

const isIfExists = (token: Token) =>
  token.kind === 'word' && /^(IF|NOT|EXISTS|CONCURRENTLY)$/i.test(token.text)

function nameAfter(tokens: readonly Token[], word: string): string | undefined {
  return nameAt(tokens, tokens.findIndex((_, i) => wordAt(tokens, i) === word) + 1)
}

/** The name at a place; of `main.users`, the last part. */
function nameAt(tokens: readonly Token[], at: number): string | undefined {
  let last = at
  while (tokens[last + 1]?.text === '.' && tokens[last + 2]) last += 2
  const token = tokens[last]
  return token && token.kind !== 'mark' ? token.text : undefined
}

function listAt(tokens: readonly Token[], open: number): string[] {
  const depth = (tokens[open]?.depth ?? 0) + 1
  const rest = tokens.slice(open + 1)
  const end = rest.findIndex((token) => token.depth < depth)
  return rest.slice(0, end).flatMap((token) => (token.text === ',' ? [] : [token.text]))
}

/** A keyword in upper case; a quoted name is never one. */
function wordAt(tokens: readonly Token[], i: number): string | undefined {
  const token = tokens[i]
  return token?.kind === 'word' ? token.text.toUpperCase() : undefined
}

const sorted = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort()

const target = (name: string | undefined) =>
  name === undefined ? {} : { target: name.toLowerCase() }
