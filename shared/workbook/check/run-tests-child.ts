// Runs test files with vitest and sends what happens to the parent, file by file,
// so that nothing is lost when the parent has to end an endless loop.
import { availableParallelism } from 'node:os'
import type { SerializedError } from 'vitest'
import { createVitest, type Reporter, type TestCase, type TestModule } from 'vitest/node'
import type { FileResult, Message, Order, TestResult } from './run-tests.ts'

process.once('message', (order: Order) => void run(order))

async function run({ root, side, files, isolate, keep, only }: Order) {
  const vitest = await createVitest(
    'test',
    {
      root,
      project: [side],
      watch: false,
      reporters: [reporter],
      ...(only && { testNamePattern: patternOf(only) }),
      // A busy machine is no failure. Where tests are meant to fail, nobody waits for long.
      ...(!only && { testTimeout: 30_000, hookTimeout: 60_000 }),
      ...(!keep && { experimental: { fsModuleCache: false } }),
      ...(isolate && { isolate }),
      maxWorkers: availableParallelism(),
    },
    { cacheDir: `${root}/.workbook/vite` },
  )
  const wanted = new Set(files)
  const specifications = await vitest.globTestSpecifications()
  await vitest.runTestSpecifications(specifications.filter(({ moduleId }) => wanted.has(moduleId)))
  await vitest.close()
  process.exit(0)
}

/** vitest joins the names of a test and its groups with blanks. */
function patternOf(names: readonly string[]): RegExp {
  const texts = names.map((name) =>
    name.replaceAll(' › ', ' ').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  )
  return new RegExp(`^(${texts.join('|')})$`)
}

const reporter: Reporter = {
  onTestModuleQueued: ({ moduleId }) => send({ kind: 'started', file: moduleId }),
  onTestModuleEnd: (module) => send({ kind: 'ended', result: fileResult(module) }),
  onTestRunEnd: (_modules, errors) => send({ kind: 'done', errors: errors.map(messageOf) }),
}

function send(message: Message) {
  process.send?.(message)
}

function fileResult(module: TestModule): FileResult {
  const suites = [...module.children.allSuites()]
  const errors = [module, ...suites].flatMap((suite) => suite.errors()).map(messageOf)
  const tests = [...module.children.allTests()].map(testResult)
  return { file: module.moduleId, state: 'ran', tests, errors }
}

function testResult(test: TestCase): TestResult {
  const { state, errors = [] } = test.result()
  const path = [...ancestors(test), test.name]
  const [error] = errors
  return {
    name: path.join(' › '),
    group: path[0] ?? '',
    state,
    error: error && { name: error.name ?? 'Error', message: error.message },
  }
}

function ancestors(test: TestCase): string[] {
  const names: string[] = []
  for (let at = test.parent; at.type === 'suite'; at = at.parent) names.unshift(at.name)
  return names
}

function messageOf(error: Pick<SerializedError, 'name' | 'message'>) {
  return `${error.name ?? 'Error'}: ${error.message}`
}
