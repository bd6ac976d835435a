/** A piece of SQL. `text` of a quoted name is without its quotes. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'mark'
  readonly text: string
  /** How many parentheses are open around it. */
  readonly depth: number
  readonly start: number
  readonly end: number
}

const shapes =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<string>'(?:[^']|'')*')|(?<number>\d[\w.]*)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<mark>[\s\S])/gu

/** Cuts SQL into tokens; white space and comments are dropped, strings and quoted names stay whole. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  let depth = 0
  for (const match of sql.matchAll(shapes)) {
    const kind = kindOf(match)
    if (kind === undefined) continue
    if (match[0] === ')') depth--
    const text = kind === 'name' ? unquote(match[0]) : match[0]
    tokens.push({ kind, text, depth, start: match.index, end: match.index + match[0].length })
    if (match[0] === '(') depth++
  }
  return tokens
}

/** The statements of a script, each as its tokens. The body of a trigger stays in one piece. */
export function statementsOf(sql: string): Token[][] {
  const statements: Token[][] = [[]]
  for (const token of tokenize(sql)) {
    const current = statements[statements.length - 1] as Token[]
    if (token.text === ';' && token.depth === 0 && !isOpenTrigger(current)) statements.push([])
    else current.push(token)
  }
  return statements.filter((tokens) => tokens.length > 0)
}

function kindOf(match: RegExpMatchArray): Token['kind'] | undefined {
  const { name, string, number, word, mark } = match.groups ?? {}
  if (name) return 'name'
  if (string) return 'string'
  if (number) return 'number'
  if (word) return 'word'
  return mark ? 'mark' : undefined
}

function unquote(name: string): string {
  const quote = name.at(-1) as string
  return name.slice(1, -1).replaceAll(quote + quote, quote)
}

function isOpenTrigger(tokens: readonly Token[]): boolean {
  const words = tokens.filter((token) => token.kind === 'word').map((t) => t.text.toUpperCase())
  return words[0] === 'CREATE' && words.slice(0, 4).includes('TRIGGER') && words.at(-1) !== 'END'
}
