import { shownPath } from '../link.ts'
import {
  type Run,
  type Status,
  type Stopped,
  statusOf,
  type TestOutcome,
  taskIdOf,
} from '../run/outcome.ts'
import type { Side } from '../run/vitest-options.ts'
import { taskResults } from './tasks.ts'

/** A run for machines: graders, editors, dashboards. Tests are in the order of the tasks. */
export interface JsonReport {
  readonly version: 3
  /** The stage's folder. */
  readonly stage: string
  readonly side: Side
  /** `error` when no test ran at all; then `message` says why. */
  readonly status: Status
  readonly message?: string
  /** There when the run did not come to its end. The tests that had not run are errors. */
  readonly stopped?: JsonStopped
  readonly tests: readonly JsonTest[]
  readonly tasks: readonly JsonTask[]
}

export interface JsonStopped {
  /** `loop`: nothing was heard for too long; `death`: the test process ended by itself. */
  readonly kind: 'loop' | 'death'
  /** The task whose test was running. */
  readonly taskId?: number
  readonly test?: string
  /** What ended the process: `SIGSEGV`. */
  readonly signal?: string
  /** What the process said last. */
  readonly lastWords?: string
}

export interface JsonTest {
  readonly name: string
  /** Null for the tests of given code. */
  readonly taskId: number | null
  /** `error` when the test was not run. */
  readonly status: Status
  readonly message?: string
  /** From the course's root, with slashes. */
  readonly file: string
  readonly line: number
}

export interface JsonTask {
  readonly id: number
  readonly title: string
  readonly passed: number
  readonly total: number
}

export function jsonReport(run: Run): JsonReport {
  const message = overallMessage(run)
  return {
    version: 3,
    stage: run.stage.folder,
    side: run.side,
    status: statusOf(run),
    ...(message && { message }),
    ...(run.stopped && { stopped: jsonStopped(run.stopped) }),
    tests: run.tests.map(jsonTest),
    tasks: taskResults(run).flatMap(({ id, tests, passed }) =>
      id === undefined ? [] : [{ id, title: titleOf(run, id), passed, total: tests.length }],
    ),
  }
}

function jsonStopped({ reason, test, signal, lastWords = [] }: Stopped): JsonStopped {
  const taskId = test === undefined ? undefined : taskIdOf(test)
  return {
    kind: reason === 'silent' ? 'loop' : 'death',
    ...(taskId !== undefined && { taskId }),
    ...(test !== undefined && { test }),
    ...(signal !== undefined && { signal }),
    ...(lastWords.length > 0 && { lastWords: lastWords.join('\n') }),
  }
}

function jsonTest({ name, taskId, status, file, line, failure }: TestOutcome): JsonTest {
  return {
    name,
    taskId: taskId ?? null,
    status: failure?.name === 'NotRun' ? 'error' : status,
    ...(failure && { message: `${failure.name}: ${failure.message}` }),
    file: shownPath(file),
    line,
  }
}

/** What went wrong outside of the tests. */
function overallMessage(run: Run): string | undefined {
  const { stopped, broken, unhandled } = run
  if (stopped?.reason === 'silent')
    return `No answer for ${stopped.seconds} seconds: probably an endless loop in ${stopped.test ?? stopped.file ?? 'the tests'}.`
  if (stopped) return `The test process died in ${stopped.test ?? stopped.file ?? 'the tests'}.`
  const failure = broken[0]?.failure ?? unhandled[0]
  if (failure) return `${failure.name}: ${failure.message}`
  return run.tests.length === 0 ? 'No test ran.' : undefined
}

const titleOf = (run: Run, id: number) =>
  run.stage.tasks.find((task) => task.id === id)?.title ?? ''
