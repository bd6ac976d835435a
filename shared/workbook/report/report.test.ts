import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Mistake } from '../mistakes.ts'
import { plain } from '../paint.ts'
import { root } from '../root.ts'
import type { Failure, Run, TestOutcome } from '../run/outcome.ts'
import type { Stage } from '../stages.ts'
import { jsonReport } from './json.ts'
import { junitReport } from './junit.ts'
import { report } from './run.ts'

const stage: Stage = {
  number: '01',
  folder: '01-words',
  title: 'Words',
  builds: 'functions',
  learnt: 'to write functions',
  time: '1 hour',
  tasks: [
    { id: 1, title: 'greet', file: 'greet.ts' },
    { id: 2, title: 'shout, loudly', file: 'shout.ts' },
  ],
}

const file = (name: string) => join(root, '01-words', name)

function test(name: string, failure?: Partial<Failure>): TestOutcome {
  const taskId = Number(/^Task (\d+)/.exec(name)?.[1]) || undefined
  const place = { file: file('tests/1-greet.test.ts'), line: 5 }
  if (!failure) return { name, taskId, status: 'pass', ...place }
  const full = { name: 'AssertionError', message: 'expected 1 to be 2', frames: [], ...failure }
  return { name, taskId, status: 'fail', ...place, failure: full }
}

const todo = { name: 'TodoError', message: 'Task 1: greet — not written yet.' }

function run(tests: TestOutcome[], more: Partial<Run> = {}): Run {
  return { stage, side: 'starter', tests, broken: [], unhandled: [], ...more }
}

const text = (of: Run, mistakes: Mistake[] = [], verbose = false) =>
  report(of, { mistakes, verbose, paint: plain })

describe('the report', () => {
  it('says that red is where everyone starts, when nothing is written', () => {
    const shown = text(run([test('Task 1: greet › says hi', todo), test('Given: a › b')]))
    expect(shown).toContain('✗ Task 1: greet          0 of 1  not written yet')
    expect(shown).toContain('✓ Given code             1 of 1')
    expect(shown).toContain('Red is where everyone starts')
    expect(shown).toContain('read  01-words/README.md#task-1-greet')
    expect(shown).toContain('edit  01-words/starter/greet.ts')
    expect(shown).toContain('npm run hint -- 01.1')
  })

  it('shows the first failure in the order of the tasks, and only that', () => {
    const shown = text(
      run([
        test('Task 1: greet › says hi'),
        test('Task 2: shout, loudly › first', { message: 'expected a' }),
        test('Task 2: shout, loudly › second', { message: 'expected b' }),
      ]),
    )
    expect(shown).toContain('✗ first')
    expect(shown).toContain('expected a')
    expect(shown).not.toContain('expected b')
    expect(shown).toContain('Next: mend this in 01-words/starter/shout.ts, then npm test -- 01')
    expect(shown).toContain('read  01-words/README.md#task-2-shout-loudly')
  })

  it('shows every test and failure when asked', () => {
    const shown = text(
      run([
        test('Task 1: greet › a', { message: 'first' }),
        test('Task 1: greet › b', { message: 'second' }),
      ]),
      [],
      true,
    )
    expect(shown).toMatch(/✗ a\n[\s\S]*✗ b\n[\s\S]*first[\s\S]*second/)
  })

  it('prefers a failure over a test that never ran', () => {
    const notRun = { name: 'NotRun', message: 'not run' }
    const shown = text(
      run([
        test('Task 1: greet › a', notRun),
        test('Task 2: shout, loudly › b', { message: 'why' }),
      ]),
    )
    expect(shown).toContain('why')
    expect(shown).not.toContain('not run')
  })

  it('asks for the next task when the code before it is done', () => {
    const shown = text(run([test('Task 1: greet › a'), test('Task 2: shout, loudly › b', todo)]))
    expect(shown).not.toContain('Red is where everyone starts')
    expect(shown).toContain('Next: write Task 2: shout, loudly in 01-words/starter/shout.ts')
  })

  it('explains the known mistakes that trip a test, but not to somebody who has not begun', () => {
    const known = (name: string, why: string): Mistake => ({
      name,
      file: 'greet.ts',
      find: 'a',
      replace: 'b',
      caughtBy: 'Task 1: greet › a',
      why,
    })
    const mistakes = [known('one', 'You forgot the name.'), known('two', 'You forgot the comma.')]
    const failing = run([test('Task 1: greet › a', {}), test('Task 1: greet › b')])
    expect(text(failing, mistakes.slice(0, 1))).toContain(
      'A known mistake trips this test:\n  • You forgot the name.',
    )
    expect(text(failing, mistakes)).toMatch(
      /2 known mistakes[\s\S]*name\.\n {2}• You forgot the comma/,
    )
    expect(text(run([test('Task 1: greet › a', todo)]), mistakes)).not.toContain('forgot')
    expect(text(run([test('Task 1: greet › other', {})]), mistakes)).not.toContain('forgot')
  })

  it('compares short values on one line each, and long ones line by line', () => {
    const short = { message: 'not equal', comparison: { expected: '1', received: '2' } }
    expect(text(run([test('Task 1: greet › a', short)]))).toContain('expected: 1\n  received: 2')
    const long = { expected: '{\n  a: 1,\n  b: 2,\n}', received: '{\n  a: 1,\n  b: 3,\n}' }
    expect(text(run([test('Task 1: greet › a', { comparison: long })]))).toContain(
      [
        '  - expected',
        '  + received',
        '',
        '    {',
        '      a: 1,',
        '  -   b: 2,',
        '  +   b: 3,',
        '    }',
      ].join('\n'),
    )
  })

  it('is green only when everything is', () => {
    const green = [test('Task 1: greet › a'), test('Task 2: shout, loudly › b')]
    expect(text(run(green))).toContain(
      'Stage 01 is done: all tests are green.\nWhat you know now: to write functions',
    )
    const lost: Failure = { name: 'Error', message: 'lost', frames: [] }
    expect(text(run(green, { unhandled: [lost] }))).toMatch(/no test has caught[\s\S]*lost/)
    expect(text(run([]))).toContain('That is an error, not a success.')
  })

  it('says what was running when the process stopped answering', () => {
    const stopped = {
      reason: 'silent',
      file: undefined,
      test: 'Task 1: greet › a',
      seconds: 20,
    } as const
    const shown = text(run([], { stopped }))
    expect(shown).toMatch(/20 seconds[\s\S]*endless loop[\s\S]*It was running: Task 1: greet › a/)
    expect(shown).toContain('no word')
  })
})

describe('the reports for machines', () => {
  const mixed = run([
    test('Task 1: greet › a'),
    test('Task 1: greet › b', { message: '"a" < "b" & \u001b[31mred' }),
    test('Task 2: shout, loudly › c', { name: 'NotRun', message: 'did not run' }),
    test('Given: a › d'),
  ])

  it('are JSON with tests in order and counts by task', () => {
    const { tests, tasks, ...head } = jsonReport(mixed)
    expect(head).toEqual({ version: 3, stage: '01-words', side: 'starter', status: 'fail' })
    expect(tests.map(({ taskId, status }) => [taskId, status])).toEqual([
      [1, 'pass'],
      [1, 'fail'],
      [2, 'error'],
      [null, 'pass'],
    ])
    expect(tests[1]).toMatchObject({ file: '01-words/tests/1-greet.test.ts', line: 5 })
    expect(tests[0]).not.toHaveProperty('message')
    expect(tasks).toEqual([
      { id: 1, title: 'greet', passed: 1, total: 2 },
      { id: 2, title: 'shout, loudly', passed: 0, total: 1 },
    ])
  })

  it('have the status error when no test ran', () => {
    const failure: Failure = { name: 'SyntaxError', message: 'no', frames: [] }
    const broken = run([], { broken: [{ file: file('tests/1-greet.test.ts'), failure }] })
    expect(jsonReport(broken)).toMatchObject({ status: 'error', message: 'SyntaxError: no' })
    expect(junitReport(broken)).toContain('<error message="no">no</error>')
  })

  it('are JUnit with a suite for each task, and escape what XML forbids', () => {
    const xml = junitReport(mixed)
    expect(xml).toContain('<testsuite name="Task 1: greet" tests="2" failures="1"')
    expect(xml).toContain('<testsuite name="Given code" tests="1" failures="0"')
    expect(xml).toContain('message="&quot;a&quot; &lt; &quot;b&quot; &amp; [31mred"')
    expect(xml).not.toContain('\u001b')
  })
})
