import { join, sep } from 'node:path'
import { shownPath, taskFile } from '../link.ts'
import type { Paint } from '../paint.ts'
import { root } from '../root.ts'
import {
  type Failure,
  type Frame,
  isTodo,
  type Run,
  type TestOutcome,
  taskInTheWay,
} from '../run/outcome.ts'
import type { Task } from '../stages.ts'
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

/**
 * The learner's own line, where the error passed through it: the deepest call in the file of the task under test.
 * Outside of a task it is the deepest one in any file that the learner writes; in given code is no mistake.
 */
export function ownFrame(
  run: Run,
  { frames }: Pick<Failure, 'frames'>,
  task: Task | undefined,
): Frame | undefined {
  const own = stageFrames(run, frames)
  if (task && run.side === 'starter') return own.find(({ file }) => isFileOf(run, task, file))
  return own.find(({ file }) => !run.starter.given.includes(join(file)))
}

const stageFrames = (run: Run, frames: readonly Frame[]) =>
  frames.filter(({ file }) => join(file).startsWith(join(root, run.stage.folder, run.side) + sep))

const isFileOf = ({ stage }: Run, task: Task, file: string) =>
  join(file) === join(root, taskFile(stage, task))

const taskOf = (run: Run, test: TestOutcome | undefined) =>
  run.stage.tasks.find(({ id }) => id === test?.taskId)

function describe(
  run: Run,
  failure: Failure,
  test: TestOutcome | undefined,
  paint: Paint,
): string[] {
  const { comparison } = failure
  const sections = [
    messageOf(failure, paint),
    thrownText(failure, paint),
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

function messageOf(
  { name, message }: Pick<Failure, 'name' | 'message'>,
  paint: Paint,
  named = false,
): string[] {
  const isPlain = !named && ['AssertionError', 'TodoError', 'Error', 'NotRun'].includes(name)
  const lines = (isPlain ? message : `${name}: ${message}`).trimEnd().split('\n')
  return indent(
    lines.map((line) => paint('red', line)),
    0,
  )
}

/** The assertion may name only the class of an error that it did not expect. */
function thrownText({ message, comparison, thrown }: Failure, paint: Paint): string[] {
  if (!thrown || `${message}${comparison?.received}`.includes(thrown.message)) return []
  return ['The error that was thrown:', ...messageOf(thrown, paint, true)]
}

function places(run: Run, failure: Failure, test: TestOutcome | undefined, paint: Paint): string[] {
  const task = taskOf(run, test)
  const error = mishapOf(failure)
  if (isOfTest(run, error)) return [...expectation(failure, test, paint), ...yourPart(run, task)]
  const inTheWay = test && taskInTheWay(run, test)
  const own = ownFrame(run, error, inTheWay ?? task)
  const whose = run.side === 'starter' ? 'your line' : 'the line'
  if (own) return excerpt(own.file, own.line, isTodo(failure) ? 'here' : whose, paint)
  const [elsewhere] = stageFrames(run, error.frames)
  const shown = elsewhere
    ? excerpt(elsewhere.file, elsewhere.line, 'thrown here', paint)
    : expectation(failure, test, paint)
  return [...shown, ...yourPart(run, task)]
}

/** An assertion about an error that JavaScript itself has thrown is about the line that made it. */
function mishapOf(failure: Failure): Pick<Failure, 'frames'> {
  const { thrown } = failure
  return thrown && /^(Type|Reference|Syntax)Error$/.test(thrown.name) ? thrown : failure
}

/** The test itself threw it, perhaps in a function that the learner's code has called. */
function isOfTest({ stage }: Run, { frames }: Pick<Failure, 'frames'>): boolean {
  const file = frames[0] && shownPath(frames[0].file)
  return Boolean(file?.startsWith(`${stage.folder}/tests/`) || file?.startsWith('shared/testing/'))
}

function expectation({ frames }: Failure, test: TestOutcome | undefined, paint: Paint): string[] {
  const frame =
    frames.find(({ file }) => !test || file === test.file) ?? (test ? undefined : frames[0])
  const at = frame ?? (test && { file: test.file, line: test.line })
  return at ? excerpt(at.file, at.line, 'the expectation', paint) : []
}

/** The error was noticed where no line of the task is in the stack. */
function yourPart(run: Run, task: Task | undefined): string[] {
  return task && run.side === 'starter'
    ? ['', `What it tests is in ${taskFile(run.stage, task)}`]
    : []
}
