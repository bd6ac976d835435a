import { stripVTControlCharacters } from 'node:util'
import type { SerializedError } from 'vitest'
import type { TestCase, TestModule } from 'vitest/node'
import type { BrokenFile, Failure, TestOutcome } from './outcome.ts'
import { inTaskOrder } from './select.ts'

type ReportedError = SerializedError & { expected?: unknown; actual?: unknown }

/** The tests of a run, in the order of the tasks. */
export function collectTests(modules: readonly TestModule[]): TestOutcome[] {
  return inOrder(modules).flatMap((module) => [...module.children.allTests()].map(outcomeOf))
}

/** The files of a run that could not be loaded. */
export function collectBroken(modules: readonly TestModule[]): BrokenFile[] {
  return inOrder(modules).flatMap((module) => {
    const [error] = module.errors()
    return error ? [{ file: module.moduleId, failure: failureOf(error) }] : []
  })
}

export function failureOf(error: ReportedError): Failure {
  const { expected, actual } = error
  return {
    name: error.name ?? 'Error',
    message: stripVTControlCharacters(error.message ?? String(error)),
    frames: (error.stacks ?? []).map(({ method, file, line, column }) => ({
      method,
      file,
      line,
      column,
    })),
    ...(typeof expected === 'string' &&
      typeof actual === 'string' && { comparison: { expected, received: actual } }),
  }
}

const inOrder = (modules: readonly TestModule[]) =>
  [...modules].sort((a, b) => inTaskOrder(a.moduleId, b.moduleId))

function outcomeOf(test: TestCase): TestOutcome {
  const name = namesOf(test).join(' › ')
  const failure = test.result().state === 'passed' ? undefined : reasonOf(test)
  return {
    name,
    taskId: taskIdOf(name),
    status: failure ? 'fail' : 'pass',
    file: test.module.moduleId,
    line: test.location?.line ?? 1,
    ...(failure && { failure }),
  }
}

/** A test that did not run at all is not a success: it was skipped, or what comes before it has failed. */
function reasonOf(test: TestCase): Failure {
  const [error] = test.result().errors ?? suiteErrors(test)
  if (error) return failureOf(error)
  return { name: 'Skipped', message: 'This test was skipped, so it proves nothing.', frames: [] }
}

function suiteErrors(test: TestCase): readonly ReportedError[] {
  for (let suite = test.parent; ; suite = suite.parent) {
    if (suite.errors().length > 0 || suite.type === 'module') return suite.errors()
  }
}

function namesOf(test: TestCase): string[] {
  const names = [test.name]
  for (let suite = test.parent; suite.type === 'suite'; suite = suite.parent)
    names.unshift(suite.name)
  return names
}

function taskIdOf(name: string): number | undefined {
  const id = /^Task (\d+):/.exec(name)?.[1]
  return id === undefined ? undefined : Number(id)
}
