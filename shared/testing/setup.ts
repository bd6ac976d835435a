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
  beforeEach(({ task }) => {
    writeFileSync(note, JSON.stringify({ pid: process.pid, test: task.fullTestName }))
  })
  writeFileSync(note, JSON.stringify({ pid: process.pid }))
}
