import { fencesOf } from '../check/markdown.ts'

/** The part of Markdown that the course uses: headings, paragraphs, lists, quotes, tables, fences, and what stands in a line. */
export function toHtml(markdown: string): string {
  return blocksOf(markdown.split(/\r?\n/)).join('\n')
}

/** The anchor of a heading; the same rule for the list of contents. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const item = /^(\s*)(?:[-*]|\d+\.) +(?=\S)/

function blocksOf(lines: readonly string[]): string[] {
  const blocks: string[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const { html, size } = blockAt(lines.slice(at), line)
    if (html) blocks.push(html)
    at += size
  }
  return blocks
}

interface Block {
  readonly html: string
  /** How many lines it takes. */
  readonly size: number
}

function blockAt(lines: readonly string[], line: string): Block {
  if (line.trim() === '') return { html: '', size: 1 }
  if (/^\s*(?:```|~~~)/.test(line)) return fenced(lines)
  const [, marks, title] = line.match(/^(#{1,6}) (.+)$/) ?? []
  if (marks && title) return { html: headline(marks.length, title), size: 1 }
  if (/^\s*\|/.test(line)) return table(taken(lines, (one) => /^\s*\|/.test(one)))
  if (line.startsWith('>')) return quote(taken(lines, (one) => one.startsWith('>')))
  if (item.test(line)) return list(lines, line)
  const text = taken(lines, (one, i) => i === 0 || (one.trim() !== '' && !startsBlock(one)))
  return { html: `<p>${inline(text.join('\n'))}</p>`, size: text.length }
}

const startsBlock = (line: string) =>
  /^\s*(?:```|~~~|\|)|^(?:#{1,6} |>)/.test(line) || item.test(line)

function taken(lines: readonly string[], belongs: (line: string, at: number) => boolean): string[] {
  const end = lines.findIndex((line, at) => !belongs(line, at))
  return lines.slice(0, end < 0 ? lines.length : end)
}

function fenced(lines: readonly string[]): Block {
  const [fence] = fencesOf(lines.join('\n'))
  const { language = '', lines: code = [] } = fence ?? {}
  const body = code.map((line) => (language === 'diff' ? diffLine(line) : escapeHtml(line)))
  const html = `<pre class="${escapeHtml(language || 'text')}"><code>${body.join('\n')}</code></pre>`
  return { html, size: code.length + 2 }
}

/** The sign stays: who prints without colours, or sees none, reads it. */
function diffLine(line: string): string {
  const [tag] = line.startsWith('+')
    ? ['ins']
    : line.startsWith('-')
      ? ['del']
      : line.startsWith('@')
        ? ['i']
        : []
  return tag ? `<${tag}>${escapeHtml(line)}</${tag}>` : escapeHtml(line)
}

function headline(level: number, title: string): string {
  return `<h${level} id="${anchorOf(title)}">${inline(title)}</h${level}>`
}

function quote(lines: readonly string[]): Block {
  const inside = lines.map((line) => line.replace(/^> ?/, ''))
  return { html: `<blockquote>\n${blocksOf(inside).join('\n')}\n</blockquote>`, size: lines.length }
}

function table(lines: readonly string[]): Block {
  const [head = '', , ...rows] = lines
  const row = (line: string, tag: string) =>
    `<tr>${cells(line)
      .map((cell) => `<${tag}>${inline(cell)}</${tag}>`)
      .join('')}</tr>`
  const body = rows.map((line) => row(line, 'td')).join('\n')
  const html = `<div class="wide"><table>\n<thead>${row(head, 'th')}</thead>\n<tbody>\n${body}\n</tbody></table></div>`
  return { html, size: lines.length }
}

/** A bar inside of code, or behind a backslash, does not end a cell. */
function cells(line: string): string[] {
  const inner = line.trim().replace(/^\||\|$/g, '')
  const parts = inner.match(/(?:`[^`]*`|\\\||[^|])+/g) ?? []
  return parts.map((cell) => cell.replaceAll('\\|', '|').trim())
}

/** Items go on as long as lines stand further right than their marks, or are blank and followed by such a line. */
function list(lines: readonly string[], first: string): Block {
  const depth = first.search(/\S/)
  const isOwn = (line: string) => item.test(line) && line.search(/\S/) === depth
  const isInside = (line: string) => /\S/.test(line) && line.search(/\S/) > depth
  const next = (at: number) => lines.slice(at).find((line) => line.trim() !== '') ?? ''
  const all = taken(
    lines,
    (line, at) =>
      isOwn(line) ||
      isInside(line) ||
      (line.trim() === '' && at > 0 && (isOwn(next(at)) || isInside(next(at)))),
  )
  const items: string[][] = []
  for (const line of all) {
    if (isOwn(line)) items.push([line.replace(item, '')])
    else items.at(-1)?.push(line.slice(Math.min(depth + 2, Math.max(0, line.search(/\S/)))))
  }
  const tag = /^\s*\d/.test(first) ? 'ol' : 'ul'
  const body = items.map((one) => `<li>${itemBody(one)}</li>`).join('\n')
  return { html: `<${tag}>\n${body}\n</${tag}>`, size: all.length }
}

/** An item of one paragraph needs none around it. */
function itemBody(lines: readonly string[]): string {
  const blocks = blocksOf(lines)
  return blocks.join('\n').replace(/^<p>([\s\S]*?)<\/p>/, '$1')
}

/** Code first: what stands in it means nothing else. */
export function inline(text: string): string {
  return text
    .split(/(`+[^`]+`+)/)
    .map((part) => (part.startsWith('`') ? code(part) : styled(part)))
    .join('')
}

const code = (part: string) => `<code>${escapeHtml(part.replace(/^`+ ?| ?`+$/g, ''))}</code>`

function styled(text: string): string {
  return escapeHtml(text)
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*([\s\S]+?)\*\*/g, '<strong>$1</strong>')
    .replace(/(?<![\p{L}\p{N}_])_([^_]+?)_(?![\p{L}\p{N}_])/gu, '<em>$1</em>')
}
