/** A TypeScript file: its text, and the same text, position by position, with comments and the insides of strings blanked. */
export interface Source {
  readonly text: string
  readonly code: string
}

/** One piece of a file: what was found, and where. */
export interface Found {
  readonly text: string
  readonly index: number
}

const commentsAndStrings =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g

export function readSource(text: string): Source {
  return { text, code: text.replace(commentsAndStrings, blank) }
}

function blank(match: string) {
  const spaces = match.replace(/[^\n]/g, ' ')
  return match.startsWith('/') ? spaces : match[0] + spaces.slice(1, -1) + match.at(-1)
}

/** The modules that a file names in `import`, `export … from` and `import(…)`. */
export function importsOf(source: Source): Found[] {
  return stringsAfter(source, /\bfrom\s*(?=['"])|\bimport\s*\(?\s*(?=['"])/g)
}

/** The text in the first argument of each call: `stringArguments(source, 'describe')`. */
export function stringArguments(source: Source, callee: string): Found[] {
  return stringsAfter(source, new RegExp(`(?<![\\w.])${callee}(?:\\.\\w+)*\\(\\s*(?=['"\`])`, 'g'))
}

/** A string's inside is blank in `code`, so the next quote of its kind there ends it. */
function stringsAfter({ text, code }: Source, opening: RegExp): Found[] {
  return [...code.matchAll(opening)].map((match) => {
    const start = match.index + match[0].length
    const end = code.indexOf(code.charAt(start), start + 1)
    return { text: unescaped(text.slice(start + 1, end)), index: match.index }
  })
}

function unescaped(literal: string) {
  return literal.replace(/\\(['"`\\])/g, '$1')
}

export function matchesOf(text: string, pattern: RegExp): Found[] {
  return [...text.matchAll(pattern)].map((match) => ({ text: match[0], index: match.index }))
}
