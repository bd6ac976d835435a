import { closeSync, openSync, writeSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import { afterAll, afterEach, beforeEach, expect, vi } from 'vitest'
import { matchers } from './matchers.ts'
import { guardMemory } from './memory-guard.ts'

declare module 'vitest' {
  interface MatcherState {
    /** What `raised()` gave last in the test that is running. */
    raised?: unknown
  }
  interface TaskMeta {
    /** The same, for the report: the assertion alone may say only `expected [Function TypeError] to be …`. */
    raised?: SerializedError
  }
}

// Test files share one process, because starting one costs more than most files take.
// Every file still gets modules of its own: registries and connections of one never meet those of another.
vi.resetModules()

expect.extend(matchers)

beforeEach(() => {
  if (expect.getState().raised) expect.setState({ raised: undefined })
})

afterEach(({ task }) => {
  const { raised } = expect.getState()
  if (task.result?.state === 'fail' && raised instanceof Error) task.meta.raised = tell(raised)
})

function tell({ name, message, stack = '', cause }: Error): SerializedError {
  return { name, message, stack, ...(cause instanceof Error && { cause: tell(cause) }) }
}

if (process.env.WORKBOOK_MEMORY) guardMemory(Number(process.env.WORKBOOK_MEMORY))

// An endless loop stops this process before it can report anything, so it leaves word of what it is about to do.
const note = process.env.WORKBOOK_RUNNING
if (note) {
  const file = expect.getState().testPath
  const open = openSync(note, 'w')
  // Blanks hide the end of a longer word before it; opening the file anew for each test would cost more than most tests.
  const write = (test?: string) =>
    writeSync(open, JSON.stringify({ pid: process.pid, file, test }).padEnd(2000), 0)
  beforeEach(({ task }) => void write(nameOf(task)))
  afterAll(() => closeSync(open))
  write()
}

function nameOf(task: { name: string; suite?: { name: string; suite?: object } }): string {
  const suites: string[] = []
  for (let suite = task.suite; suite; suite = suite.suite as typeof suite)
    suites.unshift(suite.name)
  return [...suites, task.name].join(' › ')
}
