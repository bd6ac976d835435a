import type { Selection } from '../select.ts'
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
}

/** Everything that came out of one run, in the order of the tasks. */
export interface Run extends Selection {
  readonly side: Side
  readonly tests: readonly TestOutcome[]
  readonly broken: readonly BrokenFile[]
  /** Errors that no test has caught: a rejected promise that nobody awaited, say. */
  readonly unhandled: readonly Failure[]
  readonly stopped?: Stopped
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

export const isTodo = (failure: Failure | undefined) => failure?.name === 'TodoError'

/** The first failing test in the order of the tasks; one that never ran only when there is no other. */
export function firstFailure(run: Run): TestOutcome | undefined {
  const failed = run.tests.filter(({ status }) => status === 'fail')
  return failed.find(({ failure }) => failure?.name !== 'NotRun') ?? failed[0]
}
