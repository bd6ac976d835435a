import { writeFileSync } from 'node:fs'
import { beforeEach, expect, vi } from 'vitest'
import { matchers } from './matchers.ts'

// Test files share one process, because starting one costs more than most files take.
// Every file still gets modules of its own: registries and connections of one never meet those of another.
vi.resetModules()

expect.extend(matchers)

// An endless loop stops this process before it can report anything, so it leaves word of what it is about to do.
const note = process.env.WORKBOOK_RUNNING
if (note) {
  const file = expect.getState().testPath
  beforeEach(({ task }) => {
    writeFileSync(note, JSON.stringify({ pid: process.pid, file, test: nameOf(task) }))
  })
  writeFileSync(note, JSON.stringify({ pid: process.pid, file }))
}

function nameOf(task: { name: string; suite?: { name: string; suite?: object } }): string {
  const suites: string[] = []
  for (let suite = task.suite; suite; suite = suite.suite as typeof suite)
    suites.unshift(suite.name)
  return [...suites, task.name].join(' › ')
}
