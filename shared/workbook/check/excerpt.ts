/**
 * Compares a block of a README with the lines it is taken from: a file's, or a command's output.
 * The block stands there in one piece; indentation may differ; a line `…` (or `// …`) stands for lines left out.
 * With `wildcards`, `…` inside a line stands for any text: times and paths differ from run to run.
 *
 * Gives undefined when it stands there, and otherwise what is missing, in words.
 */
export function missingPiece(
  source: readonly string[],
  block: readonly string[],
  wildcards?: 'wildcards',
): string | undefined {
  const lines = source.map((line) => line.trim())
  const pieces = piecesOf(block)
  if (pieces.length === 0) return 'the block is empty'
  let from = 0
  for (const piece of pieces) {
    const patterns = piece.map((line) => (wildcards ? wildcard(line) : exactly(line)))
    const at = findPiece(lines, patterns, from)
    if (at < 0) return nearest(lines, piece, patterns, from)
    from = at + piece.length
  }
  return undefined
}

type Pattern = (line: string) => boolean

/** The block cut at its ellipses, without blank lines at the ends of each piece. */
function piecesOf(block: readonly string[]): string[][] {
  const pieces: string[][] = [[]]
  for (const line of block.map((text) => text.trim())) {
    if (/^(?:\/\/|--|#|\/\*)?\s*…\s*(?:\*\/)?$/.test(line)) pieces.push([])
    else pieces.at(-1)?.push(line)
  }
  return pieces.map(trimmed).filter((piece) => piece.length > 0)
}

function trimmed(piece: string[]) {
  const first = piece.findIndex((line) => line !== '')
  const last = piece.findLastIndex((line) => line !== '')
  return first < 0 ? [] : piece.slice(first, last + 1)
}

function exactly(wanted: string): Pattern {
  return (line) => line === wanted
}

function wildcard(wanted: string): Pattern {
  const parts = wanted.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('.*?')}$`)
  return (line) => pattern.test(line)
}

function findPiece(lines: readonly string[], patterns: readonly Pattern[], from: number) {
  for (let at = from; at + patterns.length <= lines.length; at += 1) {
    if (matched(lines, patterns, at) === patterns.length) return at
  }
  return -1
}

/** How many lines of a piece stand at `at`, from its first one on. */
function matched(lines: readonly string[], patterns: readonly Pattern[], at: number) {
  const miss = patterns.findIndex((pattern, index) => !pattern(lines[at + index] ?? '\0'))
  return miss < 0 ? patterns.length : miss
}

/** The first line that differs, at the place where the most lines agree. */
function nearest(
  lines: readonly string[],
  piece: readonly string[],
  patterns: readonly Pattern[],
  from: number,
) {
  const starts = lines.map((_, at) => (at < from ? -1 : matched(lines, patterns, at)))
  const most = Math.max(...starts, 0)
  if (most === 0) return `it has no line "${piece[0]}"`
  const found = lines[starts.indexOf(most) + most] ?? 'the end'
  return `after "${piece[most - 1]}" it has "${found}" instead of "${piece[most]}"`
}
