import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { runScript, scriptName, scriptsOf, wordsOf } from './commands.ts'
import { type Check, type Course, filesIn, type Problem, slashed, textOf } from './course.ts'
import { missingPiece } from './excerpt.ts'
import { anchorsOf, type Fence, fencesOf, headingsOf, type Link, linksOf } from './markdown.ts'
import { copyCourse } from './sandbox.ts'

export const prose: Check = {
  name: 'prose',
  promise: 'code, output, links and sections of the READMEs are true',
  async find(course) {
    const runs = new Runs(course)
    const problems: Problem[] = []
    for (const page of pagesOf(course)) {
      problems.push(...brokenLinks(course, page), ...(await unprovenFences(course, page, runs)))
    }
    runs.end()
    return [...course.stages.flatMap(({ folder }) => missingSections(course, folder)), ...problems]
  },
}

/** All pages of the repository, or those of the chosen stages. A stage that is not written yet may have a page that is not true yet. */
function pagesOf({ root, stages, written, whole }: Course): string[] {
  const pages = filesIn(root).filter((file) => file.endsWith('.md'))
  const inStages = (all: readonly { folder: string }[], page: string) =>
    all.some(({ folder }) => page.startsWith(`${folder}/`))
  return whole
    ? pages.filter((page) => inStages(written, page) || !/^\d\d-/.test(page))
    : pages.filter((page) => inStages(stages, page))
}

const sections = [
  'What you will be able to do',
  'The pain',
  'The picture',
  'Predict before you run',
  'The tasks',
  'What changed',
  'Questions',
  'How the real ones do it',
  'Further reading',
  'Next',
]

function missingSections(course: Course, folder: string): Problem[] {
  const where = `${folder}/README.md`
  const text = textOf(course, where)
  if (!text) return [{ where, what: 'there is no lesson', fix: 'Write it.' }]
  const found = headingsOf(text).filter(({ level }) => level === 2)
  const places = sections.map((section) => found.findIndex(({ text }) => text.startsWith(section)))
  return sections.flatMap((section, index) => {
    const at = places[index] ?? -1
    const earlier = Math.max(-1, ...places.slice(0, index))
    const what = at < 0 ? `has no section "## ${section}"` : `"## ${section}" comes too early`
    return at > earlier ? [] : [{ where, what, fix: `The order is: ${sections.join(' · ')}.` }]
  })
}

async function unprovenFences(course: Course, page: string, runs: Runs): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const fence of fencesOf(textOf(course, page))) {
    const problem = await wrongFence(course, page, fence, runs)
    if (problem) problems.push({ where: `${page}:${fence.line}`, ...problem })
  }
  return problems
}

type Wrong = Omit<Problem, 'where'> | undefined

async function wrongFence(course: Course, page: string, fence: Fence, runs: Runs): Promise<Wrong> {
  if (fence.language === 'sh') return unknownScript(course, fence)
  if (fence.language === 'text' && !fence.proof) return undefined
  if (fence.proof?.kind === 'shown') return undefined
  if (fence.proof?.kind === 'from') return notInFile(course, page, fence, fence.proof.text)
  if (fence.proof?.kind === 'run') return notInOutput(fence, fence.proof.text, runs)
  return {
    what: 'this block carries no proof',
    fix: 'Put <!-- from: FILE -->, <!-- run: COMMAND --> or <!-- shown: REASON --> above it.',
  }
}

function unknownScript({ root }: Course, { lines }: Fence): Wrong {
  const known = Object.keys(scriptsOf(root))
  const names = lines.map((line) => scriptName(wordsOf(line.replace(/^\s*\$?\s*/, ''))))
  const unknown = names.find((name) => name !== undefined && !known.includes(name))
  if (!unknown) return undefined
  return { what: `package.json has no script "${unknown}"`, fix: `It has: ${known.join(', ')}.` }
}

function notInFile({ root }: Course, page: string, { lines }: Fence, file: string): Wrong {
  const path = join(root, dirname(page), file)
  if (!existsSync(path))
    return { what: `there is no file ${file}`, fix: 'The path is relative to the README.' }
  const missing = missingPiece(readFileSync(path, 'utf8').split('\n'), lines)
  if (!missing) return undefined
  return {
    what: `${file} does not hold this block: ${missing}`,
    fix: 'Take the lines from the file; … stands for lines left out.',
  }
}

async function notInOutput({ lines }: Fence, command: string, runs: Runs): Promise<Wrong> {
  const missing = await missingInOutput(lines, command, runs)
  if (!missing) return undefined
  return {
    what: `"${command}" does not print this block: ${missing}`,
    fix: 'Run it and take its lines; … stands for what is left out or differs from run to run.',
  }
}

async function missingInOutput(lines: readonly string[], command: string, runs: Runs) {
  try {
    const { output, timedOut } = await runs.run(command)
    return timedOut ? 'it does not come to an end' : missingPiece(output, lines, 'wildcards')
  } catch (error) {
    return `it cannot be run: ${(error as Error).message}`
  }
}

/** Each command is run once, in a copy of the course: what it prints depends on no one's progress. */
class Runs {
  readonly #course: Course
  readonly #outputs = new Map<string, Promise<{ output: string[]; timedOut: boolean }>>()
  #copy: ReturnType<typeof copyCourse> | undefined

  constructor(course: Course) {
    this.#course = course
  }

  run(command: string) {
    const known = this.#outputs.get(command) ?? this.#start(command)
    this.#outputs.set(command, known)
    return known
  }

  async #start(command: string) {
    this.#copy ??= copyCourse(
      this.#course.root,
      this.#course.written.map(({ folder }) => folder),
    )
    const { output, timedOut } = await runScript(this.#copy.root, command, 60)
    const plain = stripVTControlCharacters(output)
    const relocated = plain
      .replaceAll(this.#copy.root + sep, '')
      .replaceAll(`${slashed(this.#copy.root)}/`, '')
    return { output: relocated.split(/\r?\n/), timedOut }
  }

  end() {
    this.#copy?.remove()
  }
}

function brokenLinks(course: Course, page: string): Problem[] {
  return linksOf(textOf(course, page))
    .filter(({ target }) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .flatMap((link) => brokenLink(course, page, link))
}

function brokenLink({ root }: Course, page: string, { target, line }: Link): Problem[] {
  const [path = '', anchor] = target.split('#')
  const file = path ? join(root, dirname(page), decodeURIComponent(path)) : join(root, page)
  const where = `${page}:${line}`
  const wrong = (what: string) => [
    { where, what: `dead link ${target}: ${what}`, fix: 'Mend the path or the #anchor.' },
  ]
  if (relative(root, file).startsWith('..')) return wrong('it leaves the repository')
  if (!existsSync(file)) return wrong('there is no such file')
  if (!anchor || hasAnchor(file, anchor)) return []
  return wrong('the file has no such anchor')
}

function hasAnchor(file: string, anchor: string) {
  if (!statSync(file).isFile()) return false
  const text = readFileSync(file, 'utf8')
  if (file.endsWith('.md')) return anchorsOf(text).has(decodeURIComponent(anchor))
  const numbers = anchor.match(/^L(\d+)(?:-L(\d+))?$/)?.slice(1) ?? []
  return numbers.length > 0 && numbers.every((line) => Number(line ?? 1) <= text.split('\n').length)
}
