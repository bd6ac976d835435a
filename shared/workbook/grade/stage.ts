import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, sep } from 'node:path'
import { copyCourse, copyInto } from '../check/sandbox.ts'
import { type Finished, runProgram } from '../child.ts'
import { type Files, readPack, readSide } from '../pristine.ts'
import type { JsonReport, JsonTest } from '../report/json.ts'
import { root } from '../root.ts'
import { type Stage, stages } from '../stages.ts'
import { UsageError } from '../usage.ts'

export interface Count {
  readonly passed: number
  readonly total: number
}

/** What one learner has reached in one stage. */
export interface Grade {
  readonly stage: string
  /**
   * `graded`: the run came to its end. `timeout`: it did not; `error`: it broke down, or no test ran.
   * `missing`: there is no such starter; `untouched`: it is as the course ships it, so nothing was run. After a loop or a crash
   * each task is tried alone, and what passes counts.
   */
  readonly state: 'graded' | 'untouched' | 'timeout' | 'error' | 'missing'
  readonly tasks: Count
  readonly tests: Count
  /** What went wrong outside of the tests. */
  readonly message?: string
  readonly details: readonly JsonTest[]
}

/** What the tests of one stage may take. */
export interface Limits {
  readonly seconds: number
  readonly megabytes: number
}

/** What can be reached in a stage: what its solution reaches. */
export interface Measure {
  readonly stage: Stage
  /** A copy of the course, so that all are graded by the same tests, whatever happens to the course meanwhile. */
  readonly course: string
  /** The number of tests of each task. */
  readonly tests: ReadonlyMap<number, number>
}

/**
 * Runs the solution, which says how many tests there are: a starter that does not load hides them.
 *
 * @throws {UsageError} when the solution itself is red on this machine
 */
export async function measure(course: string, stage: Stage, limits: Limits): Promise<Measure> {
  const { report } = await runStage(course, course, stage, 'solution', limits)
  if (report?.status !== 'pass') throw new UsageError(redSolution(stage))
  return { stage, course, tests: new Map(report.tasks.map(({ id, total }) => [id, total])) }
}

function redSolution({ number, folder }: Stage) {
  return (
    `On this machine the solution of ${folder} is red itself, so nobody can be graded by it. ` +
    `See npm test -- ${number} --solution and npm run doctor, or leave the stage out with --stages.`
  )
}

/** Whether nothing is written there yet: as good as no folder, for who looks for work to do. */
export function isUntouched(directory: string, stage: Stage): boolean {
  const starter = join(directory, stage.folder, 'starter')
  return !existsSync(starter) || isPristine(root, directory, stage)
}

/** git on Windows may have changed the ends of the lines. What cannot be read was not left untouched. */
function isPristine(course: string, directory: string, stage: Stage): boolean {
  try {
    const pack = readPack(course, stage)
    return pack !== undefined && isSame(pack, readSide(directory, stage, 'starter'))
  } catch {
    return false
  }
}

function isSame(pack: Files, mine: Files): boolean {
  const names = Object.keys(pack)
  if (names.length !== Object.keys(mine).length) return false
  return names.every((name) => mine[name]?.replaceAll('\r\n', '\n') === pack[name])
}

/** Grades one stage of one checkout: its starter with our tests, in a copy. Whatever happens there is this learner's grade alone. */
export async function gradeStage(
  directory: string,
  wanted: Measure,
  limits: Limits,
): Promise<Grade> {
  const { stage, course } = wanted
  if (!existsSync(join(directory, stage.folder, 'starter')))
    return gradeOf(wanted, 'missing', [], whyMissing(directory))
  if (isPristine(course, directory, stage)) return gradeOf(wanted, 'untouched')
  try {
    return await gradeRun(directory, wanted, limits)
  } catch (error) {
    return gradeOf(wanted, 'error', [], `It could not be graded: ${(error as Error).message}`)
  }
}

/** One word is enough where a stage is missing; where all of them are, the folder is not the right one. */
function whyMissing(directory: string): string | undefined {
  if (!existsSync(directory)) return `There is no folder ${directory}.`
  const isCheckout = stages.some(({ folder }) => existsSync(join(directory, folder)))
  return isCheckout ? undefined : `${directory} holds no stage of the course.`
}

async function gradeRun(directory: string, wanted: Measure, limits: Limits): Promise<Grade> {
  const { report, run } = await runStage(wanted.course, directory, wanted.stage, 'starter', limits)
  const state = stateOf(report, run)
  const whole = state !== 'timeout' && report !== undefined && !report.stopped
  const tests = whole ? report.tests : await testsOneByOne(directory, wanted, limits, report)
  return gradeOf(wanted, state, tests, messageOf(report, run))
}

/** A task that loops or crashes takes the run with it, but not the other tasks: those are tried alone, for half of the time. */
async function testsOneByOne(
  directory: string,
  { stage, course, tests }: Measure,
  limits: Limits,
  whole: JsonReport | undefined,
) {
  const shorter = { ...limits, seconds: limits.seconds / 2 }
  const all: JsonTest[] = []
  for (const [id, total] of tests) {
    const known = whole?.tests.filter(({ taskId }) => taskId === id) ?? []
    const isKnown = id === whole?.stopped?.taskId || isOver(known, total)
    const { report } = isKnown
      ? {}
      : await runStage(course, directory, stage, 'starter', shorter, id)
    all.push(...(isKnown ? known : (report?.tests ?? [])))
  }
  return all
}

/** Whether the run had come to the end of a task before it was stopped. */
function isOver(known: readonly JsonTest[], total: number): boolean {
  return known.length >= total && known.every(({ status }) => status !== 'error')
}

interface Outcome {
  readonly report: JsonReport | undefined
  readonly run: Finished
}

/** The copy has no solution: a starter that imports it has not solved anything. */
async function runStage(
  course: string,
  directory: string,
  stage: Stage,
  side: 'starter' | 'solution',
  limits: Limits,
  task?: number,
): Promise<Outcome> {
  const sandbox = copyCourse(course, [stage.folder])
  try {
    if (side === 'starter') takeStarter(directory, join(sandbox.root, stage.folder), stage)
    const selection = task === undefined ? stage.number : `${stage.number}.${task}`
    return await runTests(sandbox.root, selection, side, limits)
  } finally {
    sandbox.remove()
  }
}

function takeStarter(directory: string, target: string, { folder }: Stage) {
  for (const name of ['starter', 'solution']) rmSync(join(target, name), { recursive: true })
  copyInto(join(directory, folder, 'starter'), join(target, 'starter'))
}

async function runTests(
  place: string,
  selection: string,
  side: 'starter' | 'solution',
  limits: Limits,
): Promise<Outcome> {
  const file = join(place, 'report.json')
  const args = ['shared/workbook/cli.js', 'test', selection, '--json', file]
  if (side === 'solution') args.push('--solution')
  const { seconds } = limits
  const run = await runProgram(process.execPath, args, {
    ...{ cwd: place, seconds, keep: 16_000 },
    env: environmentFor(limits),
  })
  return { report: readReport(file, place), run }
}

/**
 * The runner ends an endless loop itself, earlier, and so saves what passed before it. Memory has two limits: V8 keeps to the first,
 * and what it does not count, such as buffers, meets the second.
 */
function environmentFor({ seconds, megabytes }: Limits): NodeJS.ProcessEnv {
  const heap = `--max-old-space-size=${Math.ceil(megabytes * 0.75)}`
  return {
    WORKBOOK_PATIENCE: String(Math.min(seconds / 2, 30)),
    WORKBOOK_MEMORY: String(megabytes),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, heap].filter(Boolean).join(' '),
  }
}

/** A process that was ended while it wrote leaves half a report, or none. */
function readReport(file: string, sandbox: string): JsonReport | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'), (_key, value) => withoutPlace(value, sandbox))
  } catch {
    return undefined
  }
}

/** The copy is gone when the grade is read: its place says nothing. */
function withoutPlace(value: unknown, sandbox: string) {
  return typeof value === 'string' ? value.replaceAll(sandbox + sep, '') : value
}

function stateOf(report: JsonReport | undefined, { timedOut }: Finished): Grade['state'] {
  if (timedOut || report?.stopped?.kind === 'loop') return 'timeout'
  if (!report || report.status === 'error') return 'error'
  return report.stopped ? 'error' : 'graded'
}

function messageOf(report: JsonReport | undefined, { status, timedOut, output }: Finished) {
  const last = report?.stopped?.lastWords
  if (report?.message && last)
    return `${report.message} Its last words: ${last.replaceAll('\n', ' ')}`
  if (report) return report.message
  if (timedOut) return 'The run did not come to its end.'
  return `The run ended with exit code ${status}, without a report. ${lastLine(output)}`
}

function lastLine(output: string) {
  return output.trim().split('\n').at(-1) ?? ''
}

function gradeOf(
  { stage, tests }: Measure,
  state: Grade['state'],
  details: readonly JsonTest[] = [],
  message?: string,
): Grade {
  const ids = [...tests.keys()]
  const passed = (id: number) =>
    details.filter((one) => one.taskId === id && one.status === 'pass').length
  const done = ids.filter((id) => passed(id) === tests.get(id)).length
  return {
    stage: stage.number,
    state,
    tasks: { passed: done, total: ids.length },
    tests: { passed: sum(ids.map(passed)), total: sum([...tests.values()]) },
    ...(message && { message }),
    details,
  }
}

function sum(numbers: readonly number[]) {
  return numbers.reduce((total, number) => total + number, 0)
}
