import { heading, shownPath } from '../link.ts'
import type { Mistake } from '../mistakes.ts'
import type { Paint } from '../paint.ts'
import {
  firstFailure,
  isGreen,
  isTodo,
  type Run,
  type Stopped,
  type TestOutcome,
} from '../run/outcome.ts'
import { failedTest, looseFailure } from './failure.ts'
import { indent, wrap } from './layout.ts'
import { nextSteps } from './next.ts'
import { taskTable } from './tasks.ts'

export interface ReportOptions {
  readonly mistakes: readonly Mistake[]
  readonly verbose: boolean
  readonly paint: Paint
}

/** What a run has to say: the tasks, the first failure in full, and what to do next. */
export function report(run: Run, options: ReportOptions): string {
  const { paint, verbose } = options
  const sections = [
    [paint('bold', titleOf(run))],
    indent(taskTable(run, verbose, paint)),
    ...troubles(run, options),
    nextSteps(run, paint),
  ]
  return sections.map((lines) => lines.join('\n')).join('\n\n')
}

function titleOf({ stage, task, side }: Run): string {
  const whose = side === 'starter' ? 'your code' : 'the solution'
  const part = task ? ` · ${heading(task)}` : ''
  return `Stage ${stage.number} · ${stage.title}${part} · ${whose}`
}

function troubles(run: Run, options: ReportOptions): string[][] {
  if (isGreen(run)) return []
  if (run.stopped) return [stoppedText(run.stopped, options.paint)]
  if (run.broken.length > 0) return brokenText(run, options)
  const failures = failureTexts(run, options)
  const loose = options.verbose || failures.length === 0 ? run.unhandled : run.unhandled.slice(0, 1)
  return [...failures, ...loose.map((failure) => looseText(run, failure, options.paint))]
}

function stoppedText(stopped: Stopped, paint: Paint): string[] {
  const { file, test, lastWords = [] } = stopped
  const where = test ?? (file ? `loading ${shownPath(file)}` : 'the start')
  return [
    ...wrap(reasonOf(stopped)).map((line) => paint('red', line)),
    '',
    `  It was running: ${where}`,
    ...lastWords.map((line, i) => `${i ? ' '.repeat(18) : '  Its last words: '}${line}`),
  ]
}

function reasonOf({ reason, seconds, signal }: Stopped): string {
  if (reason === 'silent')
    return `Nothing was heard from the tests for ${seconds} seconds, so they were stopped. This is probably an endless loop.`
  if (signal && ofMemory.includes(signal))
    return `C stopped the test process (${signal}). Usually an address was freed twice, or used after it was freed.`
  return `The test process died${signal ? ` (${signal})` : ''}. A native call with a wrong pointer does that.`
}

/** What the system sends to a process that reads or writes where it may not, or whose heap is damaged. */
const ofMemory = ['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGTRAP']

/** Several test files may stumble over the same line: it is shown once. */
function brokenText(run: Run, { paint, verbose }: ReportOptions): string[][] {
  const shown = verbose ? run.broken : run.broken.slice(0, 1)
  return shown.map(({ file, failure }) => [
    paint('red', `${shownPath(file)} could not be loaded, so none of its tests ran.`),
    '',
    ...indent(looseFailure(run, failure, paint)),
  ])
}

function looseText(run: Run, failure: Run['unhandled'][number], paint: Paint): string[] {
  return [
    paint(
      'red',
      'An error that no test has caught. Often a promise that nobody awaits, or a timer.',
    ),
    '',
    ...indent(looseFailure(run, failure, paint)),
  ]
}

function failureTexts(run: Run, options: ReportOptions): string[][] {
  const first = firstFailure(run)
  if (!first) return []
  const shown = options.verbose ? run.tests.filter(({ status }) => status === 'fail') : [first]
  return shown.map((test, i) => [
    i === 0 ? options.paint('bold', 'The first failure') : '',
    ...indent(failedTest(run, test, options.paint)),
    ...indent(mistakeText(test, options)),
  ])
}

/** A test may be tripped by several known mistakes; a task that is not begun has made none. */
function mistakeText(test: TestOutcome, { mistakes, paint }: ReportOptions): string[] {
  if (isTodo(test.failure) || test.failure?.name === 'NotRun') return []
  const known = mistakes.filter(({ caughtBy }) => caughtBy === test.name)
  if (known.length === 0) return []
  const intro =
    known.length === 1
      ? 'A known mistake trips this test:'
      : `${known.length} known mistakes trip this test:`
  const reasons = known.flatMap(({ why }) => {
    const [first = '', ...rest] = wrap(why, 90)
    return [`• ${first}`, ...rest.map((line) => `  ${line}`)]
  })
  return ['', paint('yellow', intro), ...reasons]
}
