import type { Selection } from '../select.ts'
import type { Task } from '../stages.ts'
import type { Side } from './vitest-options.ts'

/** One line of a stack trace. */
export interface Frame {
  readonly method: string
  /** Absolute. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** An error as the report shows it. */
export interface Failure {
  readonly name: string
  readonly message: string
  /** The deepest call first. */
  readonly frames: readonly Frame[]
  /** Both as text, when the test compared two values. */
  readonly comparison?: { readonly expected: string; readonly received: string }
  /** The error that the test looked at, when it was not the one it expected. */
  readonly thrown?: Pick<Failure, 'name' | 'message' | 'frames'>
}

export interface TestOutcome {
  /** With its suites: `Task 2: hydrate a row › leaves NULL alone`. */
  readonly name: string
  /** Undefined for the tests of given code. */
  readonly taskId: number | undefined
  readonly status: 'pass' | 'fail'
  /** Absolute. */
  readonly file: string
  readonly line: number
  readonly failure?: Failure
}

/** A test file that could not be loaded, so none of its tests ran. */
export interface BrokenFile {
  readonly file: string
  readonly failure: Failure
}

/** What was going on when the test process stopped answering, or died. */
export interface Stopped {
  readonly reason: 'silent' | 'died'
  readonly file: string | undefined
  readonly test: string | undefined
  readonly seconds: number
  /** What ended the process: SIGSEGV when it touched memory that is not its own. Undefined on Windows. */
  readonly signal?: string
  /** The last lines it wrote to its standard error. */
  readonly lastWords?: readonly string[]
}

/** What the starter's files tell beside the tests. */
export interface Starter {
  /** The tasks whose `todo()` is still there. */
  readonly open: readonly number[]
  /** The files that the stage gives and the learner has not touched: no mistake is in them. Absolute. */
  readonly given: readonly string[]
}

/** Everything that came out of one run, in the order of the tasks. */
export interface Run extends Selection {
  readonly side: Side
  readonly tests: readonly TestOutcome[]
  readonly broken: readonly BrokenFile[]
  /** Errors that no test has caught: a rejected promise that nobody awaited, say. */
  readonly unhandled: readonly Failure[]
  readonly stopped?: Stopped
  readonly starter: Starter
}

export type Status = 'pass' | 'fail' | 'error'

/** `error` when no test ran at all. */
export function statusOf(run: Run): Status {
  if (run.tests.length === 0) return 'error'
  return isGreen(run) ? 'pass' : 'fail'
}

export function isGreen(run: Run): boolean {
  const clean = run.broken.length === 0 && run.unhandled.length === 0 && !run.stopped
  return clean && run.tests.length > 0 && run.tests.every((test) => test.status === 'pass')
}

/** `Task 2: hydrate a row › leaves NULL alone` belongs to task 2. */
export function taskIdOf(name: string): number | undefined {
  const id = /^Task (\d+):/.exec(name)?.[1]
  return id === undefined ? undefined : Number(id)
}

export const isTodo = (failure: Failure | undefined) => failure?.name === 'TodoError'

/** The task that a test stopped at, when it is another one than its own. */
export function taskInTheWay(run: Run, { taskId, failure }: TestOutcome): Task | undefined {
  if (!isTodo(failure)) return undefined
  const id = taskIdOf(failure?.message ?? '')
  return id === taskId ? undefined : run.stage.tasks.find((task) => task.id === id)
}

/**
 * The first failing test in the order of the tasks. One that waits for another task comes after those that do not,
 * and one that never ran comes last.
 */
export function firstFailure(run: Run): TestOutcome | undefined {
  const failed = run.tests.filter(({ status }) => status === 'fail')
  const ran = failed.filter(({ failure }) => failure?.name !== 'NotRun')
  return ran.find((test) => !taskInTheWay(run, test)) ?? ran[0] ?? failed[0]
}
