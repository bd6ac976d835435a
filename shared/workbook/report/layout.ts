/** Moves lines to the right; empty ones stay empty. */
export function indent(lines: readonly string[], columns = 2): string[] {
  return lines.map((line) => (line ? ' '.repeat(columns) + line : line))
}

/** Breaks prose into lines that fit a terminal. */
export function wrap(text: string, width = 96): string[] {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) as string
    if (line && line.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = line ? `${line} ${word}` : word
  }
  return lines
}
