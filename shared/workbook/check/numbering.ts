import { join } from 'node:path'
import type { Mistake } from '../mistakes.ts'
import type { Stage, Task } from '../stages.ts'
import {
  type Check,
  type Course,
  filesIn,
  lineAt,
  loadHints,
  loadMistakes,
  type Problem,
  textOf,
} from './course.ts'
import { headingsOf } from './markdown.ts'
import { type Found, importsOf, matchesOf, readSource, stringArguments } from './source.ts'
import { testFiles } from './tests.ts'

export const numbering: Check = {
  name: 'numbering',
  promise: 'manifest, README, tests, TODOs, hints and mistakes count the same tasks',
  async find(course) {
    const perStage = course.stages.map(async (stage) => [
      ...manifestProblems(stage),
      ...readmeProblems(course, stage),
      ...testProblems(course, stage),
      ...starterProblems(course, stage),
      ...hintProblems(stage, await loadHints(course, stage)),
      ...mistakeProblems(stage, await loadMistakes(course, stage)),
    ])
    return (await Promise.all(perStage)).flat()
  },
}

function manifestProblems({ number, tasks }: Stage): Problem[] {
  const where = `stages.ts, tasks of ${number}`
  const ids = tasks.map(({ id }) => id)
  const problems: Problem[] = []
  if (ids.some((id, index) => id !== index + 1)) {
    problems.push({ where, what: `count ${ids.join(', ')}`, fix: 'Number them 1, 2, 3, …' })
  }
  if (ids.length < 4 || ids.length > 7) {
    problems.push({ where, what: `are ${ids.length}`, fix: 'A stage has 4 to 7 tasks.' })
  }
  return problems
}

/** `Task 2: hydrate a row`, the name that a task has everywhere. */
function nameOf({ id, title }: Task) {
  return `Task ${id}: ${title}`
}

function readmeProblems(course: Course, { folder, tasks }: Stage): Problem[] {
  const where = `${folder}/README.md`
  const found = headingsOf(textOf(course, where))
    .filter(({ level, text }) => level === 3 && /^Task\b/.test(text))
    .map(({ text }) => text)
  return unequal(where, 'heading', '### ', tasks.map(nameOf), found)
}

function testProblems(course: Course, stage: Stage): Problem[] {
  const { folder, tasks } = stage
  const files = testFiles(course, stage).map((file) => ({
    file,
    groups: groupsOf(course, folder, file),
  }))
  const all = files.flatMap(({ groups }) => groups.filter((group) => group.startsWith('Task ')))
  const misplaced = files.flatMap(({ file, groups }) =>
    groups.filter((group) => !belongs(group, file)).map((group) => wrongFile(folder, file, group)),
  )
  return [...unequal(`${folder}/tests`, 'describe', '', tasks.map(nameOf), all), ...misplaced]
}

/** The outermost groups, and any other that is called a task. */
function groupsOf(course: Course, folder: string, file: string) {
  const found = stringArguments(readSource(textOf(course, folder, file)), 'describe')
  return found.map(({ text }) => text).filter((text) => /^(Task \d|Given:)/.test(text))
}

function belongs(group: string, file: string) {
  const [, id] = group.match(/^Task (\d+): /) ?? []
  return id === undefined ? group.startsWith('Given:') : file.startsWith(`tests/${id}-`)
}

function wrongFile(folder: string, file: string, group: string): Problem {
  const what = `holds describe('${group}')`
  return {
    where: `${folder}/${file}`,
    what,
    fix: 'Task n stands in tests/n-its-title.test.ts, alone.',
  }
}

function starterProblems(course: Course, stage: Stage): Problem[] {
  const { folder, tasks } = stage
  const files = filesIn(join(course.root, folder, 'starter')).filter((file) => file.endsWith('.ts'))
  const gaps = files.flatMap((file) => gapsOf(course, folder, file))
  const missing = tasks.filter(({ id, title, file }) => {
    const own = gaps.filter((gap) => gap.file === file)
    return !own.some(({ mark, call }) => mark === id && call === nameOf({ id, title, file }))
  })
  return [
    ...missing.map((task) => noGap(folder, task)),
    ...gaps.filter((gap) => !isRight(gap, tasks)).map((gap) => wrongGap(folder, gap)),
  ]
}

/** `todo('Task 2: …')` and the number in the nearest `TODO(n)` above it. */
interface Gap {
  readonly file: string
  readonly line: number
  readonly mark: number | undefined
  readonly call: string | undefined
}

function gapsOf(course: Course, folder: string, file: string): Gap[] {
  const source = readSource(textOf(course, folder, 'starter', file))
  if (importsOf(source).length === 0 && !source.text.includes('TODO(')) return []
  const calls = stringArguments(source, 'todo')
  const marks = matchesOf(source.text, /\bTODO\(\d*\)?/g)
  const lone = marks.filter((mark) => !calls.some((call) => nearestAbove(marks, call) === mark))
  return [
    ...calls.map((call) => gap(file, source.text, call, nearestAbove(marks, call))),
    ...lone.map((mark) => ({ ...gap(file, source.text, mark, mark), call: undefined })),
  ]
}

function nearestAbove(marks: readonly Found[], call: Found) {
  return marks.filter(({ index }) => index < call.index).at(-1)
}

function gap(file: string, text: string, at: Found, mark: Found | undefined): Gap {
  const id = mark && Number(mark.text.match(/\d+/)?.[0])
  return { file, line: lineAt(text, at.index), mark: id, call: at.text }
}

/** A task may have several gaps, all in the file that the manifest names; a mark alone must still be a task's. */
function isRight({ file, mark, call }: Gap, tasks: readonly Task[]) {
  const task = tasks.find(({ id }) => id === mark)
  return task?.file === file && (call === undefined || call === nameOf(task))
}

function noGap(folder: string, task: Task): Problem {
  return {
    where: `${folder}/starter/${task.file}`,
    what: `has no gap for ${nameOf(task)}`,
    fix: `Write // TODO(${task.id}): … above todo('${nameOf(task)}').`,
  }
}

function wrongGap(folder: string, { file, line, mark, call }: Gap): Problem {
  return {
    where: `${folder}/starter/${file}:${line}`,
    what: `TODO(${mark ?? 'none'}) ${call ? `above todo('${call}')` : 'stands alone'} fits no task of this file in the manifest`,
    fix: 'Number, title and file must be those of stages.ts.',
  }
}

function hintProblems(stage: Stage, hints: Readonly<Record<string, readonly string[]>>): Problem[] {
  const where = `shared/workbook/hints/${stage.number}.ts`
  const ids = stage.tasks.map(({ id }) => String(id))
  const thin = ids
    .filter((id) => (hints[id] ?? []).filter((hint) => hint.trim()).length < 3)
    .map((id) => ({
      where,
      what: `task ${id} has fewer than three hints`,
      fix: 'From a nudge to nearly the answer.',
    }))
  const blank = Object.entries(hints)
    .filter(([, list]) => list.some((hint) => !hint.trim()))
    .map(([id]) => ({ where, what: `task ${id} has an empty hint`, fix: 'Write or remove it.' }))
  const stray = Object.keys(hints)
    .filter((id) => !ids.includes(id))
    .map((id) => ({ where, what: `there is no task ${id}`, fix: 'Remove its hints.' }))
  return [...thin, ...blank, ...stray]
}

/** The kit for teaching shows a mistake under its task, with the question that leads to it. */
function mistakeProblems(stage: Stage, all: readonly Mistake[]): Problem[] {
  const names = stage.tasks.map(nameOf)
  return all.flatMap(({ name, caughtBy, ask }) => {
    const where = `${stage.folder}/mistakes.ts ${name}`
    const isOfTask = names.some((task) => caughtBy.startsWith(`${task} › `))
    return [
      ...(isOfTask ? [] : [{ where, what: 'is caught by no test of a task', fix: taskFirst }]),
      ...(isQuestion(ask) ? [] : [{ where, what: 'has no question to "ask"', fix: askOne }]),
    ]
  })
}

const taskFirst = 'Name a test of the task that it is a wrong answer to: Task 3: insert a row › …'
const askOne = 'Write what lets a learner find it: a question that does not hold the answer.'

const isQuestion = (ask: string | undefined) => ask !== undefined && /\S.{28,}\?/s.test(ask)

/** Two lists that must be the same, in the same order. */
function unequal(
  where: string,
  kind: string,
  prefix: string,
  wanted: readonly string[],
  found: readonly string[],
): Problem[] {
  const lacking = wanted
    .filter((name) => !found.includes(name))
    .map((name) => `has no ${kind} "${prefix}${name}"`)
  const stray = found
    .filter((name) => !wanted.includes(name))
    .map((name) => `${kind} "${prefix}${name}" is no task`)
  const twice = found
    .filter((name, index) => found.indexOf(name) !== index)
    .map((name) => `${kind} "${prefix}${name}" stands twice`)
  const whats = [...lacking, ...stray, ...twice]
  if (whats.length === 0 && wanted.join() !== found.join())
    whats.push(`its ${kind}s are out of order`)
  return whats.map((what) => ({
    where,
    what,
    fix: 'The manifest (shared/workbook/stages.ts) has the names.',
  }))
}
