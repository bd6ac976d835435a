import { stripVTControlCharacters } from 'node:util'
import type { SerializedError } from 'vitest'
import type { TestCase, TestModule } from 'vitest/node'
import { inTaskOrder } from '../select.ts'
import { framesOf } from './frames.ts'
import { type BrokenFile, type Failure, type TestOutcome, taskIdOf } from './outcome.ts'

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

/** The errors that no test has caught, each once: one process runs all files, and each of them may report it. */
export function collectUnhandled(errors: readonly unknown[]): Failure[] {
  const failures = errors.map((error) => failureOf(error as ReportedError))
  const seen = new Map(failures.map((one) => [JSON.stringify([one.message, one.frames[0]]), one]))
  return [...seen.values()]
}

function failureOf(error: ReportedError, raised = thrownIn(error)): Failure {
  const todo = todoIn(error) ?? (isAssertion(error) ? todoIn(raised) : undefined)
  return describe(todo ?? error, raised)
}

/** A gap may hide as the cause of an error that somebody has wrapped around it. */
function todoIn(error: Partial<SerializedError> | undefined): SerializedError | undefined {
  for (let one = error; one; one = one.cause) {
    if (one.name === 'TodoError') return one as SerializedError
  }
  return undefined
}

function describe(error: ReportedError, raised: SerializedError | undefined): Failure {
  const { expected, actual } = error
  const message = stripVTControlCharacters(error.message ?? String(error))
  return {
    name: error.name ?? 'Error',
    message: inPlainWords(message),
    frames: framesOf({ ...error, message }),
    ...(typeof expected === 'string' &&
      typeof actual === 'string' && { comparison: { expected, received: actual } }),
    ...(raised && isAssertion(error) && { thrown: thrownAs(raised) }),
  }
}

const isAssertion = ({ name }: ReportedError) => name === 'AssertionError'

/** The value that a test compared may be an error. */
function thrownIn({ actual }: ReportedError): SerializedError | undefined {
  const { stack, message } = (actual ?? {}) as Partial<SerializedError>
  return stack === undefined || message === undefined ? undefined : (actual as SerializedError)
}

const thrownAs = (error: SerializedError) => ({
  name: error.name ?? 'Error',
  message: stripVTControlCharacters(error.message),
  frames: framesOf(error),
})

/** The parser draws the place of a syntax error, which the report shows in its own way; vitest talks of its settings when a test does not end. */
function inPlainWords(message: string): string {
  const [, kind = '', what = ''] = /^\s*\[(\w+)\] (.+)\n\s*╭─/m.exec(message) ?? []
  if (kind === 'PARSE_ERROR') return `This is not TypeScript: ${what}`
  const [, time] = /^(?:Test|Hook) timed out in (\d+)ms/.exec(message) ?? []
  return time ? notEnded(Number(time)) : message
}

const notEnded = (milliseconds: number) =>
  `It has not ended after ${milliseconds / 1000} seconds. ` +
  'This usually happens when something is awaited that never comes: a promise that nobody settles, ' +
  'a connection that nobody gives back, or two that wait for each other.'

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

/** A test that did not run is not a success: it was skipped, or something before it has failed. */
function reasonOf(test: TestCase): Failure {
  const errors = test.result().errors ?? suiteErrors(test)
  const error = errors.find((one) => one.name === 'TodoError') ?? errors[0]
  if (error) return failureOf(error, test.meta().raised)
  const { mode } = test.options
  const skipped = mode === 'skip' || mode === 'todo'
  return skipped ? notRun('This test is marked as skipped, so it proves nothing.') : notRun('')
}

const notRun = (message: string): Failure => ({
  name: 'NotRun',
  message: message || 'This test did not run, because the run ended before it.',
  frames: [],
})

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
