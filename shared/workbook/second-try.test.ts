import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './root.ts'
import type { TestOutcome } from './run/outcome.ts'
import { atSecondTry, disturbed, secondTries } from './second-try.ts'
import type { Suite } from './suite.ts'

const outcome = (
  path: string,
  name: string,
  status: TestOutcome['status'],
  message = 'late',
): TestOutcome => ({
  name,
  taskId: undefined,
  status,
  file: join(root, path),
  line: 1,
  ...(status === 'fail' && { failure: { name: 'Error', message, frames: [] } }),
})

function suite(...tests: TestOutcome[]): Suite {
  const failed = tests.filter(({ status }) => status === 'fail').length
  return { tests, loose: [], passed: tests.length - failed, failed, second: [] }
}

const server = 'shared/workbook/blog/server.test.ts'
const stage = '04-relations/tests/2-lazy.test.ts'

describe('a second try', () => {
  it('is for a few failures of shared/, and for nothing else', () => {
    const red = outcome(server, 'ends', 'fail')
    expect([...disturbed(suite(red, outcome(server, 'begins', 'pass')))]).toEqual([red.file])
    expect(disturbed(suite(outcome(server, 'ends', 'pass'))).size).toBe(0)
    expect(disturbed(suite(red, outcome(stage, 'loads', 'fail'))).size).toBe(0)
    const found = outcome(server, 'holds', 'fail', 'Property failed after 3 tests')
    expect(disturbed(suite(found)).size).toBe(0)
    const many = Array.from({ length: 6 }, (_, i) => outcome(server, `test ${i}`, 'fail'))
    expect(disturbed(suite(...many)).size).toBe(0)
    const loose = { place: server, failure: { name: 'Error', message: 'stray', frames: [] } }
    expect(disturbed({ ...suite(red), loose: [loose] }).size).toBe(0)
  })

  it('counts for the files that had it, and says which tests needed it', () => {
    const first = suite(
      outcome(stage, 'loads', 'pass'),
      outcome(server, 'begins', 'pass'),
      outcome(server, 'ends', 'fail'),
    )
    const good = suite(outcome(server, 'begins', 'pass'), outcome(server, 'ends', 'pass'))
    const both = atSecondTry(first, good)
    expect(both).toMatchObject({ passed: 3, failed: 0 })
    expect(secondTries(both)).toEqual([
      'These failed beside all the others, and passed when their file ran once more, alone:',
      `  ${server}: ends`,
    ])
  })

  it('stays red when it fails again', () => {
    const first = suite(outcome(server, 'begins', 'pass'), outcome(server, 'ends', 'fail'))
    const both = atSecondTry(first, first)
    expect(both).toMatchObject({ passed: 1, failed: 1 })
    expect(secondTries(both)).toEqual([])
  })
})
