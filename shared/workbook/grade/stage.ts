import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, sep } from 'node:path'
import { copyCourse, copyInto } from '../check/sandbox.ts'
import { type Finished, runProgram } from '../child.ts'
import type { JsonReport, JsonTest } from '../report/json.ts'
import { root } from '../root.ts'
import type { Stage } from '../stages.ts'
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
   * `missing`: there is no such starter. After a loop or a crash each task is tried alone, and what passes counts.
   */
  readonly state: 'graded' | 'timeout' | 'error' | 'missing'
  readonly tasks: Count
  readonly tests: Count
  /** What went wrong outside of the tests. */
  readonly message?: string
  readonly details: readonly JsonTest[]
}

/** What can be reached in a stage: what its solution reaches. */
export interface Measure {
  readonly stage: Stage
  /** The number of tests of each task. */
  readonly tests: ReadonlyMap<number, number>
}

/**
 * Runs the solution, which says how many tests there are: a starter that does not load hides them.
 *
 * @throws {UsageError} when the solution itself is red on this machine
 */
export async function measure(stage: Stage, seconds: number): Promise<Measure> {
  const { report } = await runStage(root, stage, 'solution', seconds)
  if (report?.status !== 'pass') throw new UsageError(redSolution(stage))
  return { stage, tests: new Map(report.tasks.map(({ id, total }) => [id, total])) }
}

function redSolution({ number, folder }: Stage) {
  return (
    `On this machine the solution of ${folder} is red itself, so nobody can be graded by it. ` +
    `See npm test -- ${number} --solution and npm run doctor, or leave the stage out with --stages.`
  )
}

/** Grades one stage of one checkout: its starter with our tests, in a copy. */
export async function gradeStage(
  directory: string,
  wanted: Measure,
  seconds: number,
): Promise<Grade> {
  const starter = join(directory, wanted.stage.folder, 'starter')
  if (!existsSync(starter)) return gradeOf(wanted, 'missing')
  const { report, run } = await runStage(directory, wanted.stage, 'starter', seconds)
  const state = stateOf(report, run)
  const whole = state !== 'timeout' && report !== undefined && !report.stopped
  const tests = whole ? report.tests : await testsOneByOne(directory, wanted, seconds, report)
  return gradeOf(wanted, state, tests, messageOf(report, run))
}

/** A task that loops or crashes takes the run with it, but not the other tasks: those are tried alone. */
async function testsOneByOne(
  directory: string,
  { stage, tests }: Measure,
  seconds: number,
  whole: JsonReport | undefined,
) {
  const all: JsonTest[] = []
  for (const [id, total] of tests) {
    const known = whole?.tests.filter(({ taskId }) => taskId === id) ?? []
    const isKnown = id === whole?.stopped?.taskId || isOver(known, total)
    const { report } = isKnown ? {} : await runStage(directory, stage, 'starter', seconds, id)
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
  directory: string,
  { folder, number }: Stage,
  side: 'starter' | 'solution',
  seconds: number,
  task?: number,
): Promise<Outcome> {
  const sandbox = copyCourse(root, [folder])
  const inSandbox = (...path: string[]) => join(sandbox.root, ...path)
  if (side === 'starter') {
    for (const name of ['starter', 'solution']) rmSync(inSandbox(folder, name), { recursive: true })
    copyInto(join(directory, folder, 'starter'), inSandbox(folder, 'starter'))
  }
  const selection = task === undefined ? number : `${number}.${task}`
  const json = ['--json', inSandbox('report.json')]
  const args = ['shared/workbook/cli.js', 'test', selection, ...json]
  if (side === 'solution') args.push('--solution')
  // The runner ends an endless loop itself, a little earlier, and so saves what passed before it.
  const env = { WORKBOOK_PATIENCE: String(seconds / 2) }
  const run = await runProgram(process.execPath, args, { cwd: sandbox.root, seconds, env })
  const report = readReport(inSandbox('report.json'), sandbox.root)
  sandbox.remove()
  return { report, run }
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
