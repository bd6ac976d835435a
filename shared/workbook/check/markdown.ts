export interface Heading {
  readonly level: number
  readonly text: string
  readonly line: number
}

export interface Link {
  readonly target: string
  readonly line: number
}

export interface Fence {
  readonly language: string
  readonly lines: readonly string[]
  /** The number of the opening line. */
  readonly line: number
  /** `<!-- from: … -->`, `<!-- run: … -->` or `<!-- shown: … -->` above it. */
  readonly proof: { readonly kind: string; readonly text: string } | undefined
}

export function fencesOf(markdown: string): Fence[] {
  const lines = markdown.split(/\r?\n/)
  const fences: Fence[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent = '', mark = '', language = ''] = lines[at]?.match(opening) ?? []
    if (!mark) continue
    const end = closingLine(lines, at, mark)
    const body = lines.slice(at + 1, end).map((line) => withoutIndent(line, indent))
    fences.push({ language, lines: body, line: at + 1, proof: proofAbove(lines, at) })
    at = end
  }
  return fences
}

const opening = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/

function closingLine(lines: readonly string[], open: number, mark: string) {
  const end = lines.findIndex(
    (line, at) => at > open && line.trim().startsWith(mark) && isRun(line.trim()),
  )
  return end < 0 ? lines.length : end
}

function isRun(text: string) {
  return new Set(text).size === 1
}

function withoutIndent(line: string, indent: string) {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()
}

function proofAbove(lines: readonly string[], open: number) {
  const above = lines.slice(0, open).findLast((line) => line.trim() !== '') ?? ''
  const [, kind, text] = above.match(/^\s*<!--\s*(from|run|shown):\s*(.+?)\s*-->\s*$/) ?? []
  return kind && text ? { kind, text } : undefined
}

export function headingsOf(markdown: string): Heading[] {
  return prose(markdown).flatMap((line, index) => {
    const [, marks, text] = line.match(/^(#{1,6})\s+(.+?)\s*#*\s*$/) ?? []
    return marks && text ? [{ level: marks.length, text, line: index + 1 }] : []
  })
}

/** Inline links, images, reference definitions, and the links of HTML. */
export function linksOf(markdown: string): Link[] {
  const link =
    /\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s*<?([^\s>]+)|\b(?:href|src)="([^"]+)"/g
  return prose(markdown).flatMap((line, index) =>
    [...withoutCode(line).matchAll(link)].map(([, inline, reference, html]) => ({
      target: inline ?? reference ?? html ?? '',
      line: index + 1,
    })),
  )
}

/** The anchors that GitHub gives to a page: its headings, and what says `id` or `name`. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>()
  for (const { text } of headingsOf(markdown)) anchors.add(unused(slug(text), anchors))
  for (const line of prose(markdown)) {
    for (const [, id = ''] of line.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id)
  }
  return anchors
}

/** GitHub's rule: letters, digits, `-` and `_` stay, in lower case; blanks turn into `-`. */
function slug(heading: string) {
  return plain(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

function plain(heading: string) {
  const text = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/<[^>]+>/g, '')
  return text.replace(/(?<![\p{L}\p{N}])_(.+?)_(?![\p{L}\p{N}])/gu, '$1')
}

/** A heading that stands twice gets `-1`, `-2`, … */
function unused(base: string, taken: ReadonlySet<string>) {
  if (!taken.has(base)) return base
  let count = 1
  while (taken.has(`${base}-${count}`)) count += 1
  return `${base}-${count}`
}

/** The lines outside of fences; those inside are empty, so that line numbers stay. */
function prose(markdown: string): string[] {
  const lines = markdown.split(/\r?\n/)
  for (const { line, lines: body } of fencesOf(markdown)) {
    const last = Math.min(line + body.length, lines.length - 1)
    for (let at = line - 1; at <= last; at += 1) lines[at] = ''
  }
  return lines
}

function withoutCode(line: string) {
  return line.replace(/(`+)[^`].*?\1(?!`)|(`+)[^`]\2/g, '')
}
