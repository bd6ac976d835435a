import { join } from 'node:path'
import type { Stage } from '../stages.ts'
import { type Course, filesIn, type Problem, type Side, slashed } from './course.ts'
import { type FileResult, runTests, type TestResult, type TestRun } from './run-tests.ts'

/** The test files of a stage, relative to its folder: `tests/1-declare.test.ts`. */
export function testFiles(
  course: Pick<Course, 'root'>,
  { folder }: Pick<Stage, 'folder'>,
): string[] {
  const files = filesIn(join(course.root, folder, 'tests'))
  return files.filter((file) => file.endsWith('.test.ts')).map((file) => `tests/${file}`)
}

/** Runs all tests of some stages on one side. */
export function runStages(course: Course, stages: readonly Stage[], side: Side): Promise<TestRun> {
  const files = stages.flatMap((stage) =>
    testFiles(course, stage).map((file) => join(course.root, stage.folder, file)),
  )
  return runTests(course.root, side, files)
}

/** The results of one stage's files. */
export function resultsOf(course: Course, run: TestRun, { folder }: Stage): FileResult[] {
  const start = slashed(join(course.root, folder, 'tests'))
  return run.files.filter(({ file }) => file.startsWith(start))
}

/** What went wrong outside of the tests: files that did not load, hung or crashed, and errors that no test owns. */
export function brokenFiles(course: Course, run: TestRun): Problem[] {
  const files = run.files.flatMap((result) => brokenFile(course, result))
  const strays = run.strays.map((what) => ({
    where: 'the test run',
    what,
    fix: 'Await every promise and end what the tests have started.',
  }))
  return [...files, ...strays]
}

function brokenFile(course: Course, { file, state, errors, tests }: FileResult): Problem[] {
  const where = file.slice(course.root.length + 1)
  const fix = 'Make the file load and its tests come to an end.'
  if (state === 'hung') return [{ where, what: 'did not come to an end', fix }]
  if (errors.length > 0) return [{ where, what: errors.join('\n'), fix }]
  return tests.length > 0
    ? []
    : [{ where, what: 'holds no test', fix: 'Write one or remove the file.' }]
}

/** A failed test in one line. */
export function lineOf({ error }: TestResult): string {
  return error ? `${error.name}: ${error.message.split('\n')[0]}` : 'did not run'
}
