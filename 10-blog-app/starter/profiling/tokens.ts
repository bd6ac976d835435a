/** A piece of SQL. `text` of a quoted name is without its quotes. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'parameter' | 'mark'
  readonly text: string
}

const shapes = new RegExp(
  [
    /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)/u,
    /(?<string>[eE]'(?:[^'\\]|''|\\[\s\S])*'|[xXbBnN]?'(?:[^']|'')*'|\$(?<tag>[\p{L}_]*)\$[\s\S]*?\$\k<tag>\$)/u,
    /(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[\p{L}_][^\]]*\])/u,
    /(?<word>[\p{L}_][\p{L}\p{N}_$]*)/u,
    /(?<number>0[xX][\da-fA-F]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/u,
    /(?<cast>::)/u,
    /(?<parameter>\?\d*|[$:@][\p{L}\p{N}_]+)/u,
    /(?<mark><=|>=|<>|!=|==|\|\||->>?|[\s\S])/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
)

/** Cuts SQL into tokens, of SQLite or PostgreSQL. White space and comments are dropped; strings and quoted names stay whole. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  for (const match of sql.matchAll(shapes)) {
    const kind = kindOf(match)
    if (kind === 'name') tokens.push({ kind, text: unquote(match[0]) })
    else if (kind) tokens.push({ kind, text: match[0] })
  }
  return tokens
}

const kinds = ['string', 'name', 'word', 'number', 'parameter'] as const

function kindOf({ groups = {} }: RegExpMatchArray): Token['kind'] | undefined {
  if (groups.space) return undefined
  return kinds.find((kind) => groups[kind] !== undefined) ?? 'mark'
}

function unquote(name: string): string {
  const quote = name.at(-1) as string
  return name.slice(1, -1).replaceAll(quote + quote, quote)
}

/** A keyword in upper case; a quoted name is never one. */
export const wordOf = (token: Token | undefined): string | undefined =>
  token?.kind === 'word' ? token.text.toUpperCase() : undefined
