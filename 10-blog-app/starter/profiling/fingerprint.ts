import { sqlite } from '#shared/driver/dialect'
import { isKeyword } from '#shared/driver/keywords'
import { type Token, tokenize, wordOf } from './tokens.ts'

/**
 * What a statement is, whatever its values: statements that differ in nothing else have one fingerprint.
 * Spelling does not count: white space, comments, capitals, needless quotes, how many values a list has.
 *
 * @example
 * fingerprint('SELECT * FROM posts WHERE user_id = 1')         // SELECT * FROM posts WHERE user_id = ?
 * fingerprint('select *\nfrom "posts" where user_id = ?')      // SELECT * FROM posts WHERE user_id = ?
 * fingerprint('SELECT * FROM posts WHERE user_id IN (1, 2)')   // SELECT * FROM posts WHERE user_id IN (…)
 *
 * @see https://www.postgresql.org/docs/current/pgstatstatements.html which does the same on the tree of a statement
 */
export function fingerprint(sql: string): string {
  const tokens = tokenize(sql)
  const shapes = tokens.filter((_, i) => !isSign(tokens, i)).map(shapeOf)
  return spaced(foldLists(shapes.at(-1) === ';' ? shapes.slice(0, -1) : shapes))
}

/** What stays of a token when its value does not count. */
function shapeOf({ kind, text }: Token): string {
  if (kind === 'string' || kind === 'number' || kind === 'parameter') return '?'
  if (kind === 'name') return sqlite.quoteIdentifier(text)
  if (kind === 'mark') return text
  const word = text.toLowerCase()
  if (word === 'true' || word === 'false') return '?'
  return isKeyword(word) ? text.toUpperCase() : word
}

/** `IN (?, ?, ?)` becomes `IN (…)`, and `VALUES (?, ?), (?, ?)` becomes `VALUES (…)`. */
function foldLists(shapes: readonly string[]): string[] {
  const folded: string[] = []
  for (let i = 0; i < shapes.length; i++) {
    folded.push(shapes[i]!)
    if (shapes[i] !== 'IN' && shapes[i] !== 'VALUES') continue
    const end = endOfValues(shapes, i + 1)
    if (end === i + 1) continue
    folded.push('(…)')
    i = end - 1
  }
  return folded
}

/** Behind the last of the lists that begin at a place; the place itself when something else than values is in them: a subquery. */
function endOfValues(shapes: readonly string[], start: number): number {
  let depth = 0
  let end = start
  for (let i = start; i < shapes.length; i++) {
    const shape = shapes[i]!
    if (shape === '(') depth++
    else if (shape === ')' && --depth === 0) end = i + 1
    else if (depth === 0 ? shape !== ',' : !isValue(shape)) break
    if (depth < 0) break
  }
  return end
}

const isValue = (shape: string) => /^(\?|,|\)|NULL|DEFAULT)$/.test(shape)

/** The minus of `= -5`, which belongs to the value, and not that of `a - 5`. */
function isSign(tokens: readonly Token[], i: number): boolean {
  if (!/^[-+]$/.test(tokens[i]!.text) || tokens[i + 1]?.kind !== 'number') return false
  const before = tokens[i - 1]
  if (before?.kind === 'mark') return before.text !== ')' && before.text !== ']'
  return isKeyword(wordOf(before)?.toLowerCase() ?? '')
}

/** As a person would write it. */
function spaced(shapes: readonly string[]): string {
  return shapes.reduce((sql, shape, i) => {
    const before = shapes[i - 1]
    return sql + (before === undefined || isTight(before, shape) ? '' : ' ') + shape
  }, '')
}

const isTight = (before: string, shape: string) =>
  /^(,|\)|\.|;|::|\])$/.test(shape) ||
  /^(\(|\.|::|\[)$/.test(before) ||
  (shape === '(' && /^[a-z_]/.test(before))
