import { sqlTokens, type Token } from './sql-tokens.ts'

/**
 * The statements of a script, without their semicolons and without the comments before them.
 * A semicolon in a text, a comment or the body of a trigger ends nothing.
 *
 * @example
 * splitStatements("INSERT INTO tags (name) VALUES ('a;b'); -- one; two\nDROP TABLE tags;")
 * // ["INSERT INTO tags (name) VALUES ('a;b')", 'DROP TABLE tags']
 *
 * @throws {UnreadableScriptError} when a quote or a comment is opened and never closed
 */
export function splitStatements(script: string): string[] {
  const statements: Token[][] = [[]]
  for (const token of sqlTokens(script)) {
    const statement = statements.at(-1)!
    if (token.text === ';' && !isInBody(statement)) statements.push([])
    else if (statement.length > 0 || !isBlank(token)) statement.push(token)
  }
  return statements.filter(({ length }) => length > 0).map(textOf)
}

const isBlank = ({ kind }: Token) => kind === 'space' || kind === 'comment'

/** `CREATE TRIGGER … BEGIN …; …; END` holds statements of its own. CASE ends with END as well. */
function isInBody(statement: readonly Token[]): boolean {
  const words = statement.flatMap(({ kind, text }) => (kind === 'word' ? [text.toUpperCase()] : []))
  if (words[0] !== 'CREATE' || !words.slice(1, 5).some((word) => bodied.has(word))) return false
  const begin = words.indexOf('BEGIN')
  if (begin < 0) return false
  const depths = words.slice(begin).map((word) => depthOf[word] ?? 0)
  return depths.reduce((depth, change) => depth + change, 0) > 0
}

const bodied = new Set(['TRIGGER', 'FUNCTION', 'PROCEDURE'])

const depthOf: Record<string, number> = { BEGIN: 1, CASE: 1, END: -1 }

const textOf = (statement: readonly Token[]) =>
  statement
    .map(({ text }) => text)
    .join('')
    .trim()
