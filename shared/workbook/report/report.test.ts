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
  const isUntouched = tests.every(({ taskId, failure }) => !taskId || failure?.name === 'TodoError')
  const starter = { open: isUntouched ? [1, 2] : [], given: [file('starter/given.ts')] }
  return { stage, side: 'starter', tests, broken: [], unhandled: [], starter, ...more }
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

  it('begins with the task that the chosen one needs, when nothing is written', () => {
    const [, second] = stage.tasks
    const shown = text(run([test('Task 2: shout, loudly › a', todo)], { task: second! }))
    expect(shown).toContain('Red is where everyone starts')
    expect(shown).toContain('Begin with Task 1: greet (Task 2 needs it)')
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
    const own = { ...todo, message: 'Task 2: shout, loudly — not written yet.' }
    const tests = [test('Task 1: greet › a'), test('Task 2: shout, loudly › b', own)]
    const shown = text(run(tests, { starter: { open: [2], given: [] } }))
    expect(shown).not.toContain('Red is where everyone starts')
    expect(shown).toContain('Task 2: shout, loudly  0 of 1  not written yet')
    expect(shown).toContain('Next: write Task 2: shout, loudly in 01-words/starter/shout.ts')
  })

  it('sends to the task in the way, when the one under test is written and that is not', () => {
    const starter = { open: [1], given: [] }
    const shown = text(run([test('Task 2: shout, loudly › a', todo)], { starter }))
    expect(shown).toContain('Task 2: shout, loudly  0 of 1  waits for Task 1')
    expect(shown).toContain('This test needs Task 1, which is not written yet.')
    expect(shown).toContain(
      'Next: write Task 1: greet in 01-words/starter/greet.ts, then npm test -- 01.1',
    )
    expect(shown).toContain('npm run hint -- 01.1')
    expect(shown).not.toContain('Red is where everyone starts')
  })

  it('asks to finish a task whose todo() is still there, though no test meets it', () => {
    const tests = [test('Task 1: greet › a'), test('Task 1: greet › b', { message: 'no hook' })]
    const shown = text(run(tests, { starter: { open: [1], given: [] } }))
    expect(shown).toContain('Task 1: greet          1 of 2  not finished yet')
    expect(shown).toContain('Next: finish Task 1: greet in 01-words/starter/greet.ts')
  })

  it('prefers a failure of its own over one that waits for another task', () => {
    const own = { message: 'expected a' }
    const tests = [test('Task 2: shout, loudly › x', todo), test('Task 2: shout, loudly › y', own)]
    expect(text(run(tests, { starter: { open: [1], given: [] } }))).toContain('expected a')
  })

  describe('names as the place to mend', () => {
    const frame = (name: string, line: number) => ({
      method: '',
      file: file(name),
      line,
      column: 1,
    })
    const shout = (...frames: Failure['frames']) =>
      text(
        run([
          test('Task 2: shout, loudly › a', { name: 'RangeError', message: 'too long', frames }),
        ]),
      )
    const asserted = (...frames: Failure['frames']) =>
      text(run([test('Task 2: shout, loudly › a', { frames })]))

    it("the deepest line in the task's own file", () => {
      const frames = [frame('starter/greet.ts', 3), frame('starter/shout.ts', 7)]
      const shown = shout(...frames, frame('starter/shout.ts', 9))
      expect(shown).toContain('01-words/starter/shout.ts:7  ← your line')
      expect(shown).not.toContain('starter/greet.ts')
    })

    it('no file of another task, and no given one', () => {
      for (const name of ['greet', 'given']) {
        const shown = shout(frame(`starter/${name}.ts`, 3), frame('tests/2-shout.test.ts', 4))
        expect(shown).toContain(`01-words/starter/${name}.ts:3  ← thrown here`)
        expect(shown).toContain('What it tests is in 01-words/starter/shout.ts')
        expect(shown).toContain('Next: mend this in 01-words/starter/shout.ts')
      }
    })

    it('the test, when it is an expectation that a given function has called', () => {
      const place = { ...frame('tests/1-greet.test.ts', 8) }
      const shown = asserted(place, frame('starter/given.ts', 3))
      expect(shown).toContain('01-words/tests/1-greet.test.ts:8  ← the expectation')
      expect(shown).not.toContain('given.ts')
      expect(shown).toContain('Next: mend this in 01-words/starter/shout.ts')
    })

    it('what the learner wrote, for errors outside of tests', () => {
      const failure = { name: 'SyntaxError', message: 'no export', frames: [] }
      const frames = [frame('starter/given.ts', 1), frame('starter/helper.ts', 2)]
      const broken = [{ file: file('tests/1-greet.test.ts'), failure: { ...failure, frames } }]
      const shown = text(run([], { broken }))
      expect(shown).toContain('01-words/starter/helper.ts:2  ← your line')
      expect(shown).toContain('Next: mend this in 01-words/starter/helper.ts')
    })
  })

  it('shows the error behind an assertion that names only its class, and its line when it is a mishap', () => {
    const at = { method: '', file: file('starter/greet.ts'), line: 3, column: 1 }
    const thrown = { name: 'ReferenceError', message: 'nmae is not defined', frames: [at] }
    const message = 'expected [Function ReferenceError] to be [Function A]'
    const shown = text(run([test('Task 1: greet › a', { message, thrown })]))
    expect(shown).toContain('The error that was thrown:\n  ReferenceError: nmae is not defined')
    expect(shown).toContain('01-words/starter/greet.ts:3  ← your line')
    const other = { ...thrown, name: 'UniqueViolation', message: 'taken' }
    const expected = text(run([test('Task 1: greet › a', { message, thrown: other })]))
    expect(expected).toContain('UniqueViolation: taken')
    expect(expected).not.toContain('your line')
    const told = { message: 'expected ReferenceError: nmae is not defined to be', thrown }
    expect(text(run([test('Task 1: greet › a', told)]))).not.toContain('The error that')
  })

  it('explains the known mistakes that trip a test, but not to somebody who has not begun', () => {
    const known = (name: string, why: string): Mistake => ({
      name,
      file: 'greet.ts',
      find: 'a',
      replace: 'b',
      caughtBy: 'Task 1: greet › a',
      why,
      ask: '',
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

  it('says what C said, and how far the task had come, when the process was ended', () => {
    const stopped = {
      reason: 'died',
      file: undefined,
      test: 'Task 2: shout, loudly › b',
      seconds: 20,
      signal: 'SIGABRT',
      lastWords: ['free(): double free detected'],
    } as const
    const lost = { name: 'NotRun', message: '' }
    const tests = [
      test('Task 1: greet › a', { message: 'wrong' }),
      test('Task 2: shout, loudly › a', lost),
      test('Task 2: shout, loudly › b', lost),
    ]
    const shown = text(run(tests, { stopped }))
    expect(shown).toContain('Task 2: shout, loudly  stopped after 1 of 2')
    expect(shown).toContain('C stopped the test process (SIGABRT). Usually an address was freed')
    expect(shown).toContain('Its last words: free(): double free detected')
    expect(shown).toContain('Next: mend this in 01-words/starter/shout.ts')
    const silent = { ...stopped, signal: 'SIGKILL', lastWords: [] }
    expect(text(run(tests, { stopped: silent }))).toContain('The test process died (SIGKILL).')
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

  it('say what stopped the run', () => {
    const stopped = { reason: 'died', file: undefined, seconds: 20, signal: 'SIGSEGV' } as const
    const died = run([], { stopped: { ...stopped, test: 'Task 2: shout, loudly › b' } })
    expect(jsonReport(died).stopped).toEqual({
      kind: 'death',
      taskId: 2,
      test: 'Task 2: shout, loudly › b',
      signal: 'SIGSEGV',
    })
    const loop = { reason: 'silent', file: undefined, test: undefined, seconds: 20 } as const
    expect(jsonReport(run([], { stopped: loop })).stopped).toEqual({ kind: 'loop' })
  })

  it('are JUnit with a suite for each task, and escape what XML forbids', () => {
    const xml = junitReport(mixed)
    expect(xml).toContain('<testsuite name="Task 1: greet" tests="2" failures="1"')
    expect(xml).toContain('<testsuite name="Given code" tests="1" failures="0"')
    expect(xml).toContain('message="&quot;a&quot; &lt; &quot;b&quot; &amp; [31mred"')
    expect(xml).not.toContain('\u001b')
  })
})
