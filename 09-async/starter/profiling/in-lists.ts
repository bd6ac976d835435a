import type { Statement } from '#shared/driver/recorder'
import { type Token, tokenize, wordOf } from './tokens.ts'

/**
 * The lists behind IN, with the values that they had; each value once, because a list may be filled up with one of its own.
 * A subquery is no list.
 *
 * @example
 * inListsOf({ sql: 'SELECT … WHERE user_id IN (?, ?, ?) AND status IN (1, 2)', parameters: [7, 8, 8] })
 * // [['7', '8'], ['1', '2']]
 */
export function inListsOf({ sql, parameters }: Pick<Statement, 'sql' | 'parameters'>): string[][] {
  if (!/\bIN\s*\(/i.test(sql)) return []
  const tokens = filledIn(tokenize(sql), parameters)
  return tokens.flatMap((_, i) => (beginsList(tokens, i) ? [valuesFrom(tokens, i + 1)] : []))
}

/** The values take the places of the parameters: `?` by their order, `?2` and `$2` by their number. */
function filledIn(tokens: readonly Token[], parameters: readonly unknown[]): Token[] {
  let place = 0
  return tokens.map((token) => {
    if (token.kind !== 'parameter') return token
    const number = Number(token.text.slice(1)) || ++place
    const value = parameters[number - 1]
    return { kind: 'string', text: typeof value === 'string' ? `'${value}'` : String(value) }
  })
}

const beginsList = (tokens: readonly Token[], i: number) =>
  wordOf(tokens[i - 1]) === 'IN' &&
  tokens[i]!.text === '(' &&
  !/^(SELECT|WITH)$/.test(wordOf(tokens[i + 1]) ?? '')

/** Up to the parenthesis that closes the list. A value may have several parts: `(a, b) IN ((1, 2), (3, 4))`. */
function valuesFrom(tokens: readonly Token[], start: number): string[] {
  const values = ['']
  for (let i = start, depth = 1; i < tokens.length; i++) {
    const { text } = tokens[i]!
    depth += text === '(' ? 1 : text === ')' ? -1 : 0
    if (depth === 0) break
    if (text === ',' && depth === 1) values.push('')
    else values.push(`${values.pop()} ${text}`.trim())
  }
  return [...new Set(values)]
}
