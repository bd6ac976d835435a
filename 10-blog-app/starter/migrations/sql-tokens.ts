import { UnreadableScriptError } from './tool-errors.ts'

/** A piece of SQL that must not be cut: a word, a quoted text, a comment, a single character. */
export interface Token {
  readonly kind: 'comment' | 'quoted' | 'word' | 'space' | 'other'
  readonly text: string
  /** Where it begins in the script. */
  readonly at: number
}

/**
 * Cuts a script into tokens. What stands in quotes or in a comment is one token, whatever it contains.
 *
 * @example
 * sqlTokens("SELECT 'a;b'").map(({ text }) => text) // ['SELECT', ' ', "'a;b'"]
 *
 * @throws {UnreadableScriptError} when a quote or a comment is opened and never closed
 */
export function sqlTokens(script: string): Token[] {
  return [...script.matchAll(pattern)].map(({ 0: text, groups, index: at }) => {
    const kind = Object.keys(groups!).find((name) => groups![name] !== undefined) ?? 'other'
    if (kind === 'open') throw new UnreadableScriptError(text, lineOf(script, at))
    return { kind: kind as Token['kind'], text, at }
  })
}

/** Both databases: SQLite's `[name]` and `` `name` ``, PostgreSQL's `E'\''` and `$tag$ … $tag$`. */
const pattern = new RegExp(
  [
    String.raw`(?<comment>--[^\n]*|/\*[^]*?\*/)`,
    String.raw`(?<quoted>[eE]'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|${'`[^`]*`'}|\[[^\]'"]*\]|\$(?<tag>[a-zA-Z_]\w*|)\$[^]*?\$\k<tag>\$)`,
    String.raw`(?<open>'|"|/\*|${'`'}|\$(?:[a-zA-Z_]\w*)?\$)`,
    String.raw`(?<word>\w+)`,
    String.raw`(?<space>\s+)`,
    '[^]',
  ].join('|'),
  'g',
)

const lineOf = (script: string, at: number) => script.slice(0, at).split('\n').length
