import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Fixture } from './fixture.ts'
import { type RunOptions, runTests } from './run-tests.ts'

const course = new Fixture()

afterEach(() => course.restore())

afterAll(() => course.remove())

const names = ['1-greet', '2-shout', '3-count', '4-reverse']

async function statesOf(options: RunOptions) {
  const files = names.map((name) => join(course.root, `01-words/tests/${name}.test.ts`))
  const { files: results } = await runTests(course.root, 'solution', files, options)
  return results.map(({ state, tests }) => `${state}, ${tests.length} tests`)
}

describe('running tests that do not come to an end', { timeout: 120_000 }, () => {
  it('tells an endless loop from the rest', async () => {
    course.edit('01-words/solution/words.ts', 'return text.toUpperCase()', 'for (;;) count(text)')

    expect(await statesOf({ seconds: 10, isolate: true })).toEqual([
      'ran, 2 tests',
      'hung, 0 tests',
      'ran, 2 tests',
      'ran, 2 tests',
    ])
  })

  it('tells a crash of the process from the rest', async () => {
    course.edit(
      '01-words/solution/words.ts',
      'return text.toUpperCase()',
      "process.kill(process.pid, 'SIGKILL')\n  return text",
    )

    const states = await statesOf({ isolate: true })
    expect(states[1]).toBe('crashed, 0 tests')
    expect(states.toSpliced(1, 1)).toEqual(['ran, 2 tests', 'ran, 2 tests', 'ran, 2 tests'])
  })
})
