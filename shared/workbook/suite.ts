import { availableParallelism } from 'node:os'
import type { TestModule, TestSequencer, TestSpecification } from 'vitest/node'
import { shownPath } from './link.ts'
import type { Paint } from './paint.ts'
import { indent } from './report/layout.ts'
import { root } from './root.ts'
import { collectBroken, collectTests, collectUnhandled } from './run/collect.ts'
import type { Failure, TestOutcome } from './run/outcome.ts'
import { loadVitest } from './run/vitest.ts'
import { conditionsOf, testOptions } from './run/vitest-options.ts'
import { atSecondTry, disturbed, secondTries } from './second-try.ts'
import { isWritten } from './select.ts'
import { stages } from './stages.ts'

/** Tests the workbook itself: every solution, and shared/. What stands in the starters does not matter. */
export async function testWorkbook(verbose: boolean, paint: Paint): Promise<number> {
  const { createVitest } = await loadVitest()
  const vitest = await createVitest('test', options(), overrides)
  const files = await vitest.globTestSpecifications()
  const run = async (some: TestSpecification[]) => {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(some, true)
    return suiteOf(testModules, unhandledErrors)
  }
  const first = await run(files)
  const again = files.filter(({ moduleId }) => disturbed(first).has(moduleId))
  const suite = again.length > 0 ? atSecondTry(first, await run(again)) : first
  await vitest.close()
  console.log(`\n${suiteReport(suite, verbose, paint)}`)
  return suite.failed === 0 && suite.passed > 0 ? 0 : 1
}

/** What came of a run of the whole suite. */
export interface Suite {
  readonly tests: readonly TestOutcome[]
  /** What failed outside of tests: files that could not be loaded, errors that nobody caught. */
  readonly loose: readonly { readonly place: string; readonly failure: Failure }[]
  readonly passed: number
  readonly failed: number
  /** Tests that failed beside all the others, and passed alone. */
  readonly second: readonly TestOutcome[]
}

function options() {
  const written = stages.filter(isWritten).map(({ folder }) => `${folder}/tests/**/*.test.ts`)
  const include = [...written, 'shared/**/*.test.ts']
  return {
    ...testOptions,
    config: false as const,
    root,
    watch: false,
    include,
    reporters: [{}],
    // Whoever waits in vain is found soon enough; what only waits for a busy machine must not fail.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Random programs of a stage: a learner waits for a hundred, this suite has time for thousands.
    env: { WORKBOOK_RUNS: '2000' },
    sequence: { sequencer: LongestFirst },
    // The tests of the commands mostly wait for the processes that they start.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  }
}

/** The tests of the commands take most of the time: they begin, and the stages fill what is left of it. */
class LongestFirst implements TestSequencer {
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => weight(b) - weight(a))
  }

  async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files
  }
}

const weight = ({ moduleId }: TestSpecification) => {
  const [top, next, last = ''] = shownPath(moduleId).split('/')
  if (top !== 'shared' || next !== 'workbook') return 0
  return /running|grade|test-command/.test(moduleId) ? 2 : last ? 1 : 0
}

const overrides = {
  ssr: conditionsOf('solution'),
  server: { watch: null },
  logLevel: 'silent' as const,
}

function suiteOf(modules: readonly TestModule[], errors: readonly unknown[]): Suite {
  const tests = collectTests(modules)
  const broken = collectBroken(modules).map(({ file, failure }) => ({
    place: `${shownPath(file)} could not be loaded`,
    failure,
  }))
  const unhandled = collectUnhandled(errors).map((failure) => ({
    place: 'An error that no test has caught',
    failure,
  }))
  const loose = [...broken, ...unhandled]
  const failed = tests.filter(({ status }) => status === 'fail').length + loose.length
  const passed = tests.filter(({ status }) => status === 'pass').length
  return { tests, loose, passed, failed, second: [] }
}

/** One line a folder, every failure, and the closing line with the counts. */
function suiteReport(suite: Suite, verbose: boolean, paint: Paint): string {
  const failures = suite.tests.filter(({ failure }) => failure)
  const texts = [...failures.map((test) => failed(test, paint)), ...suite.loose.map(broken)]
  const counts = `${suite.passed} passed, ${suite.failed} failed`
  const empty =
    suite.passed + suite.failed === 0 ? ['No test ran. That is an error, not a success.'] : []
  const parts = [folders(suite, verbose, paint), secondTries(suite), ...texts, empty, [counts]]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function folders({ tests }: Suite, verbose: boolean, paint: Paint): string[] {
  const names = [...new Set(tests.map(folderOf))]
  return names.flatMap((name) => {
    const own = tests.filter((test) => folderOf(test) === name)
    const passed = own.filter(({ status }) => status === 'pass').length
    const row = `  ${mark(passed === own.length, paint)} ${name.padEnd(20)}  ${passed} of ${own.length}`
    return verbose ? [row, ...own.map((test) => testRow(test, paint))] : [row]
  })
}

/** `02-active-record`, or `shared/driver`. */
function folderOf({ file }: TestOutcome): string {
  const [top = '', next = ''] = shownPath(file).split('/')
  return top === 'shared' ? `${top}/${next}` : top
}

const testRow = ({ status, name }: TestOutcome, paint: Paint) =>
  `      ${mark(status === 'pass', paint)} ${name}`

function failed({ name, file, failure }: TestOutcome, paint: Paint): string[] {
  const head = `${mark(false, paint)} ${name}`
  return [head, ...indent(failure ? details(failure, shownPath(file)) : [])]
}

const broken = ({ place, failure }: Suite['loose'][number]) => [
  place,
  ...indent(details(failure, '')),
]

function details({ name, message, frames, comparison }: Failure, place: string): string[] {
  const { expected, received } = comparison ?? {}
  return [
    ...`${name}: ${message}`.split('\n'),
    ...(comparison
      ? [...`expected: ${expected}`.split('\n'), ...`received: ${received}`.split('\n')]
      : []),
    ...frames
      .slice(0, 5)
      .map(({ file, line, column }) => `at ${shownPath(file)}:${line}:${column}`),
    ...(frames.length ? [] : [place]),
  ]
}

const mark = (good: boolean, paint: Paint) => (good ? paint('green', '✓') : paint('red', '✗'))
