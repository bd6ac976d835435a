import { fencesOf } from '../check/markdown.ts'
import type { Task } from '../stages.ts'

/** A question that the README asks, or is asked, with its answer, both in Markdown. */
export interface Question {
  readonly question: string
  readonly answer: string
}

/** What an instructor needs of a stage's README. All texts are Markdown. */
export interface Lesson {
  /** What learners will be able to do. */
  readonly goals: readonly string[]
  readonly needs: string
  readonly pain: string
  readonly picture: string
  readonly predictions: readonly Question[]
  readonly questions: readonly Question[]
  /** By task: its part of the page. */
  readonly tasks: ReadonlyMap<number, string>
}

/** Reads the lesson off a README that keeps to the order in CONTRIBUTING.md. */
export function readLesson(markdown: string, tasks: readonly Task[]): Lesson {
  const parts = partsOf(markdown)
  const part = (title: string) => parts.get(title) ?? ''
  const goals = part('What you will be able to do')
  return {
    goals: itemsOf(goals, /^- /),
    needs: labelled(goals, 'You need'),
    pain: part('The pain'),
    picture: part('The picture'),
    predictions: predictionsOf(part('Predict before you run')),
    questions: folded(part('Questions')),
    tasks: new Map(tasks.map(({ id, title }) => [id, part(`Task ${id}: ${title}`)])),
  }
}

/** What stands behind a bold label, to the end of its paragraph: `**Not asked yet:** …` */
export function labelled(markdown: string, label: string): string {
  const [, text = ''] =
    markdown.match(new RegExp(`\\*\\*${label}:\\*\\* (.+?)(?=\\n\\n|$)`, 's')) ?? []
  return text.trim()
}

/** How many words there are to be said: not those of code, tables and comments. */
export function wordsOf(markdown: string): number {
  const lines = withoutFences(markdown).filter((line) => !/^\s*(\||<)/.test(line))
  return lines.join(' ').split(/\s+/).filter(Boolean).length
}

/** The text below each heading of the second and third level, up to the next heading. */
function partsOf(markdown: string): Map<string, string> {
  const parts: { readonly title: string; readonly lines: string[] }[] = []
  const hidden = linesInFences(markdown)
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const title = hidden.has(index) ? undefined : line.match(/^#{2,3} (.+)$/)?.[1]
    if (title === undefined) parts.at(-1)?.lines.push(line)
    else parts.push({ title, lines: [] })
  }
  return new Map(parts.map(({ title, lines }) => [title, lines.join('\n').trim()]))
}

function linesInFences(markdown: string): Set<number> {
  const hidden = new Set<number>()
  for (const { line, lines } of fencesOf(markdown))
    for (let at = line - 1; at <= line + lines.length; at += 1) hidden.add(at)
  return hidden
}

function withoutFences(markdown: string): string[] {
  const hidden = linesInFences(markdown)
  return markdown.split(/\r?\n/).filter((_, at) => !hidden.has(at))
}

/** The questions stand in one list, and the answers, folded, in another. */
function predictionsOf(part: string): Question[] {
  const [asked = '', answered = ''] = part.split(/<details>/)
  const answers = itemsOf(answered.replace(/<\/?\w+>/g, ''), /^\d+\. /)
  return itemsOf(asked, /^\d+\. /).map((question, at) => ({ question, answer: answers[at] ?? '' }))
}

/** `<details><summary>question</summary> answer </details>` */
function folded(part: string): Question[] {
  return [...part.matchAll(/<summary>(.+?)<\/summary>([\s\S]+?)<\/details>/g)].map(
    ([, question = '', answer = '']) => ({
      question: question.replace(/<\/?code>/g, '`').trim(),
      answer: withoutComments(answer).trim(),
    }),
  )
}

export function withoutComments(markdown: string): string {
  return markdown.replace(/^[ \t]*<!--[\s\S]*?-->[ \t]*\n+/gm, '')
}

/** The items of the list that begins with such a mark, each with its further lines. */
function itemsOf(part: string, mark: RegExp): string[] {
  const items: string[] = []
  let isOpen = false
  for (const line of withoutFences(part)) {
    const begins = mark.test(line)
    if (begins) items.push(line.replace(mark, ''))
    else if (isOpen && /^\s+\S/.test(line)) items.push(`${items.pop()} ${line.trim()}`)
    isOpen = begins || (isOpen && line.trim() !== '')
  }
  return items
}
