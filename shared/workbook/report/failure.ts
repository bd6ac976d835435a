import { join, sep } from 'node:path'
import { taskFile } from '../link.ts'
import type { Paint } from '../paint.ts'
import { root } from '../root.ts'
import { type Failure, type Frame, isTodo, type Run, type TestOutcome } from '../run/outcome.ts'
import { compare } from './compare.ts'
import { excerpt } from './excerpt.ts'
import { indent } from './layout.ts'

/** A failed test in full: its name, what was expected, and the lines it is about. */
export function failedTest(run: Run, test: TestOutcome, paint: Paint): string[] {
  const [suite = '', ...rest] = test.name.split(' › ')
  const title = [suite, `${paint('red', '✗')} ${paint('bold', rest.join(' › '))}`]
  if (!test.failure) return title
  return [...title, '', ...describe(run, test.failure, test, paint)]
}

/** An error outside of any test. */
export function looseFailure(run: Run, failure: Failure, paint: Paint): string[] {
  return describe(run, failure, undefined, paint)
}

/** The learner's own line, where the error passed through it: the deepest call in the stage's folder. */
export function ownFrame(run: Run, failure: Failure): Frame | undefined {
  const folder = join(root, run.stage.folder, run.side) + sep
  return failure.frames.find((frame) => join(frame.file).startsWith(folder))
}

function describe(
  run: Run,
  failure: Failure,
  test: TestOutcome | undefined,
  paint: Paint,
): string[] {
  const { comparison } = failure
  const sections = [
    messageOf(failure, paint),
    comparison && !says(failure, comparison)
      ? compare(comparison.expected, comparison.received, paint)
      : [],
    places(run, failure, test, paint),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i ? ['', ...lines] : lines))
}

/** `expected 3 to be 2` needs no second telling. */
function says(
  { message }: Failure,
  { expected, received }: { expected: string; received: string },
) {
  return message.includes(expected) && message.includes(received)
}

function messageOf({ name, message }: Failure, paint: Paint): string[] {
  const isPlain = ['AssertionError', 'TodoError', 'Error', 'NotRun'].includes(name)
  const lines = (isPlain ? message : `${name}: ${message}`).trimEnd().split('\n')
  return indent(
    lines.map((line) => paint('red', line)),
    0,
  )
}

function places(run: Run, failure: Failure, test: TestOutcome | undefined, paint: Paint): string[] {
  const own = ownFrame(run, failure)
  const whose = run.side === 'starter' ? 'your line' : 'the line'
  if (own) return excerpt(own.file, own.line, isTodo(failure) ? 'here' : whose, paint)
  const frame = failure.frames.find(({ file }) => !test || file === test.file) ?? failure.frames[0]
  const at = frame ?? (test && { file: test.file, line: test.line })
  if (!at) return []
  return [...excerpt(at.file, at.line, 'the expectation', paint), ...yourPart(run, test)]
}

/** The error was noticed in the test, after the learner's code had returned: its line is not in the stack. */
function yourPart(run: Run, test: TestOutcome | undefined): string[] {
  const task = run.stage.tasks.find(({ id }) => id === test?.taskId)
  return task && run.side === 'starter'
    ? ['', `What it tests is in ${taskFile(run.stage, task)}`]
    : []
}
