import { type Token, tokenize, wordOf } from './tokens.ts'

/** A table that a statement reads, under the name that it has there. */
export interface Source {
  readonly table: string
  /** The table's own name where no other is given. */
  readonly alias: string
}

/** A column that a condition or an order names. */
export interface Use {
  /** What stands before the dot; undefined where nothing does. */
  readonly alias: string | undefined
  readonly column: string
  /** `equal`: an index finds its rows at once. `range`: it gives them in one piece. `order`: it has them in order. */
  readonly as: 'equal' | 'range' | 'order'
  readonly isDescending: boolean
}

/** What the lens understands of a statement: which tables, and which columns in which role. It reads names, not the grammar. */
export interface Reading {
  readonly sources: readonly Source[]
  readonly uses: readonly Use[]
}

/**
 * Reads the tables of a statement, and the columns that it compares or sorts by. Subqueries are read with it.
 *
 * @example
 * readStatement('SELECT * FROM posts AS p WHERE p.user_id = ? ORDER BY created_at DESC')
 * // sources: posts as p; uses: p.user_id equal, created_at order
 */
export function readStatement(sql: string): Reading {
  const tokens = tokenize(sql)
  return { sources: sourcesIn(tokens), uses: [...comparedIn(tokens), ...orderedIn(tokens)] }
}

function sourcesIn(tokens: readonly Token[]): Source[] {
  return tokens.flatMap((token, i) => {
    if (!beginsSource(tokens, i)) return []
    const end = endOfName(tokens, i + 1)
    const table = nameAt(tokens, end)
    if (table === undefined || wordOf(token) === undefined) return []
    const at = wordOf(tokens[end + 1]) === 'AS' ? end + 2 : end + 1
    return [{ table, alias: aliasAt(tokens, at) ?? table }]
  })
}

const beginsSource = (tokens: readonly Token[], i: number) =>
  /^(FROM|JOIN|UPDATE|INTO)$/.test(wordOf(tokens[i]) ?? '') && wordOf(tokens[i - 1]) !== 'DISTINCT'

/** The last part of `main.users`. */
function endOfName(tokens: readonly Token[], start: number): number {
  return tokens[start + 1]?.text === '.' ? endOfName(tokens, start + 2) : start
}

const nameAt = (tokens: readonly Token[], i: number): string | undefined => {
  const token = tokens[i]
  if (token?.kind === 'name') return token.text
  return token?.kind === 'word' && !endsSource.test(token.text)
    ? token.text.toLowerCase()
    : undefined
}

const aliasAt = nameAt

const endsSource =
  /^(where|on|using|join|inner|left|right|full|cross|natural|order|group|having|limit|offset|union|except|intersect|set|values|returning|select|window|default|indexed|not)$/i

/** `user_id = ?`, `? < age`, `id IN (…)`, `a.id = b.user_id`. */
function comparedIn(tokens: readonly Token[]): Use[] {
  return tokens.flatMap((_, i) => {
    const as = comparisonAt(tokens, i)
    if (as === undefined) return []
    const right = columnAt(tokens, i + 1)
    return [columnBefore(tokens, i), right].flatMap((column) =>
      column ? [{ ...column, as, isDescending: false }] : [],
    )
  })
}

function comparisonAt(tokens: readonly Token[], i: number): 'equal' | 'range' | undefined {
  const text = wordOf(tokens[i]) ?? tokens[i]!.text
  if (/^(=|==|IN)$/.test(text)) return isAssignment(tokens, i) ? undefined : 'equal'
  if (text === 'IS') return wordOf(tokens[i + 1]) === 'NOT' ? undefined : 'equal'
  return /^(<|>|<=|>=|BETWEEN)$/.test(text) ? 'range' : undefined
}

/** `SET name = ?` compares nothing. */
function isAssignment(tokens: readonly Token[], i: number): boolean {
  const clauses = tokens.slice(0, i).map((token) => wordOf(token) ?? '')
  return /^(SET)$/.test(clauses.findLast((word) => /^(SET|WHERE|ON|WHEN|HAVING)$/.test(word)) ?? '')
}

function columnBefore(tokens: readonly Token[], i: number) {
  const last = wordOf(tokens[i - 1]) === 'NOT' ? i - 2 : i - 1
  const column = nameAt(tokens, last)
  if (column === undefined) return undefined
  const alias = tokens[last - 1]?.text === '.' ? nameAt(tokens, last - 2) : undefined
  return { alias, column }
}

function columnAt(tokens: readonly Token[], start: number) {
  const end = endOfName(tokens, start)
  const column = nameAt(tokens, end)
  if (column === undefined || tokens[end + 1]?.text === '(') return undefined
  return { alias: end > start ? nameAt(tokens, end - 2) : undefined, column }
}

/** The columns of every ORDER BY, as far as they are plain columns. */
function orderedIn(tokens: readonly Token[]): Use[] {
  return tokens.flatMap((token, i) =>
    wordOf(token) === 'BY' && wordOf(tokens[i - 1]) === 'ORDER' ? ordersFrom(tokens, i + 1) : [],
  )
}

function ordersFrom(tokens: readonly Token[], start: number): Use[] {
  const column = columnAt(tokens, start)
  if (!column) return []
  const end = endOfName(tokens, start) + 1
  const isDescending = wordOf(tokens[end]) === 'DESC'
  const next = /^(ASC|DESC)$/.test(wordOf(tokens[end]) ?? '') ? end + 1 : end
  const rest = tokens[next]?.text === ',' ? ordersFrom(tokens, next + 1) : []
  return [{ ...column, as: 'order', isDescending }, ...rest]
}
