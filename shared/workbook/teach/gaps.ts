import { diffText, starterToSolution } from '../comparison.ts'
import type { Files } from '../pristine.ts'
import type { Stage, Task } from '../stages.ts'

/** One hole of a task, and what fills it. */
export interface Gap {
  /** What the starter's comment asks for. */
  readonly asks: string
  /** What is typed, with the line above that it belongs to and the one that closes it. */
  readonly code: readonly string[]
  /** How many lines are typed, without blank ones. */
  readonly size: number
}

/** A piece of git's diff without context. `line` and `end` count in the solution's file. */
interface Hunk {
  readonly file: string
  readonly line: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
  readonly size: number
}

/** The gaps of each task, by its id, in the order of the file. */
export async function gapsOf(stage: Stage): Promise<ReadonlyMap<number, readonly Gap[]>> {
  const comparison = starterToSolution(stage)
  const hunks = hunksOf(await diffText(comparison, '-U0')).filter(isLesson)
  const gaps = stage.tasks.map((task): [number, Gap[]] => [
    task.id,
    joined(
      hunks.filter((hunk) => hunk.file === task.file && taskOf(hunk, hunks) === task.id),
      comparison.after,
    ).map((hunk) => gapOf(task, hunk, comparison.after)),
  ])
  return new Map(gaps)
}

function hunksOf(diff: string): Hunk[] {
  return diff.split(/^diff --git /m).flatMap((section) => {
    const file = section.match(/^\+\+\+ [^/\n]+\/solution\/(.+?)\t?$/m)?.[1]
    return file ? section.split(/^(?=@@ )/m).flatMap((text) => hunkOf(file, text)) : []
  })
}

function hunkOf(file: string, text: string): Hunk[] {
  const [head = '', ...lines] = text.split('\n')
  const start = head.match(/^@@ -\S+ \+(\d+)/)?.[1]
  if (start === undefined) return []
  const those = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1))
  const added = those('+')
  const size = added.filter((line) => line.trim()).length
  return [{ file, line: Number(start), removed: those('-'), added, size }]
}

/** An import that is needed no more, or a blank line, teaches nothing. */
function isLesson({ removed, added }: Hunk): boolean {
  return [...removed, ...added].some((line) => line.trim() && !/^import .*todo/.test(line))
}

const ownTask = ({ removed }: Hunk) => {
  const id = removed.join('\n').match(/TODO\((\d+)\)|todo\(\s*['"`]Task (\d+):/)
  return id ? Number(id[1] ?? id[2]) : undefined
}

/** A helper that the solution adds belongs to the nearest gap of its file. */
function taskOf(hunk: Hunk, all: readonly Hunk[]): number | undefined {
  const own = ownTask(hunk)
  if (own !== undefined) return own
  const marked = all.filter((one) => one.file === hunk.file && ownTask(one) !== undefined)
  const distance = (one: Hunk) => Math.abs(one.line - hunk.line)
  const [nearest] = marked.sort((a, b) => distance(a) - distance(b))
  return nearest && ownTask(nearest)
}

/** A changed signature and its body, or a body and a helper right below, are typed in one go. */
function joined(hunks: readonly Hunk[], after: Files): Hunk[] {
  const all: Hunk[] = []
  for (const next of hunks) {
    const last = all.at(-1)
    const isOne = last && next.line - endOf(last) <= 6 && !(isAsked(last) && isAsked(next))
    if (isOne) all.splice(-1, 1, together(last, next, after))
    else all.push(next)
  }
  return all
}

/** Whether a comment of its own asks for it. */
const isAsked = ({ removed }: Hunk) => removed.some((line) => line.includes('TODO('))

function together(first: Hunk, second: Hunk, after: Files): Hunk {
  const lines = (after[first.file] ?? '').split('\n')
  const between = lines.slice(endOf(first) - 1, second.line - 1)
  return {
    ...first,
    removed: [...first.removed, ...second.removed],
    added: [...first.added, ...between, ...second.added],
    size: first.size + second.size,
  }
}

const endOf = ({ line, added }: Hunk) => line + added.length

function gapOf({ file }: Task, hunk: Hunk, after: Files): Gap {
  const lines = (after[file] ?? '').split('\n')
  return {
    asks: askedBy(hunk.removed),
    code: inItsPlace(lines, hunk),
    size: hunk.size,
  }
}

/** `// TODO(2): a comment` and the comment lines below it, as one sentence or several. */
function askedBy(removed: readonly string[]): string {
  const from = removed.findIndex((line) => line.includes('TODO('))
  const comments = removed.slice(Math.max(0, from)).filter((line) => /^\s*\/\//.test(line))
  return comments
    .map((line) => line.replace(/^\s*\/\/\s*(?:TODO\(\d+\):?)?\s*/, ''))
    .join(' ')
    .trim()
}

/** The lines of a gap between the line that opens their block and the one that closes it. */
function inItsPlace(lines: readonly string[], { line, added }: Hunk): string[] {
  const typed = added.filter((text) => text.trim())
  if (typed.length === 0) return []
  const [first, last] = [line - 1, line - 1 + added.length]
  const [begin, end] = [indentation(typed[0]!), indentation(typed.at(-1)!)]
  const isOutside = (text: string, depth: number) => /\S/.test(text) && indentation(text) < depth
  const opening = lines.findLastIndex((text, at) => at < first && isOutside(text, begin))
  const closing = lines.findIndex((text, at) => at >= last && isOutside(text, end))
  const above =
    opening < 0 ? [] : [...signature(lines, opening), ...leftOut(opening + 1, first, begin)]
  const below = isClosing(lines[closing]) ? [...leftOut(last, closing, end), lines[closing]!] : []
  return trimmed([...above, ...added, ...below])
}

/** `): number {` says little without the lines that it closes. */
function signature(lines: readonly string[], at: number): string[] {
  const depth = indentation(lines[at]!)
  const isHead = (text: string) => indentation(text) === depth && !isClosing(text)
  const head = isClosing(lines[at])
    ? lines.findLastIndex((text, above) => above < at && isHead(text))
    : at
  return lines.slice(head, at + 1)
}

const isClosing = (line = '') => /^\s*[)\]}]/.test(line)

const leftOut = (from: number, to: number, depth: number) =>
  to > from ? [`${' '.repeat(depth)}// …`] : []

const indentation = (line: string) => line.search(/\S/)

function trimmed(lines: readonly string[]): string[] {
  const text = lines.join('\n').replace(/^\n+|\n+$/g, '')
  return text.split('\n')
}
