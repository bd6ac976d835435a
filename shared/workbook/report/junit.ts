import { shownPath } from '../link.ts'
import type { Run, TestOutcome } from '../run/outcome.ts'
import { type TaskResult, taskResults } from './tasks.ts'

/** A run as JUnit XML, which every grader and CI reads: one suite a task. */
export function junitReport(run: Run): string {
  const suites = taskResults(run).map(suite)
  const loose = run.broken.map(({ file, failure }) => errorSuite(shownPath(file), failure.message))
  const stopped = run.stopped ? [errorSuite('the run', stoppedText(run))] : []
  const unhandled = run.unhandled.map((failure) => errorSuite('unhandled error', failure.message))
  const name = attribute(run.stage.folder)
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${name}" tests="${run.tests.length}" failures="${failures(run.tests)}">
${[...suites, ...loose, ...stopped, ...unhandled].join('\n')}
</testsuites>
`
}

function suite({ title, tests }: TaskResult): string {
  const cases = tests.map((test) => testCase(title, test)).join('\n')
  const counts = `tests="${tests.length}" failures="${failures(tests)}" errors="0" skipped="0"`
  return `  <testsuite name="${attribute(title)}" ${counts}>\n${cases}\n  </testsuite>`
}

function testCase(title: string, { name, file, line, failure }: TestOutcome): string {
  const head = `    <testcase classname="${attribute(title)}" name="${attribute(name)}" file="${attribute(shownPath(file))}" line="${line}"`
  if (!failure) return `${head}/>`
  const { name: type, message } = failure
  return `${head}>\n      <failure type="${attribute(type)}" message="${attribute(message)}">${text(message)}</failure>\n    </testcase>`
}

function errorSuite(name: string, message: string): string {
  const counts = 'tests="1" failures="0" errors="1" skipped="0"'
  const error = `<error message="${attribute(message)}">${text(message)}</error>`
  return `  <testsuite name="${attribute(name)}" ${counts}>\n    <testcase classname="${attribute(name)}" name="runs">${error}</testcase>\n  </testsuite>`
}

const stoppedText = ({ stopped }: Run) =>
  stopped?.reason === 'silent' ? 'No answer: probably an endless loop.' : 'The test process died.'

const failures = (tests: readonly TestOutcome[]) => tests.filter(({ failure }) => failure).length

/** XML 1.0 forbids most control characters, even escaped. */
const text = (value: string) =>
  value
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to leave out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

const attribute = (value: string) => text(value).replaceAll('"', '&quot;').replace(/\s/g, ' ')
