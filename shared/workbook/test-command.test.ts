import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Fixture } from './check/fixture.ts'
import { runCommand } from './run-command.ts'

vi.setConfig({ testTimeout: 120_000 })

let course: Fixture
let pristine: string

const starter = '01-words/starter/words.ts'
const solution = '01-words/solution/words.ts'

beforeAll(() => {
  course = new Fixture()
  pristine = course.read(starter)
})

afterEach(() => {
  course.write(starter, pristine)
  rmSync(join(course.root, '.workbook'), { recursive: true, force: true })
})

afterAll(() => course.remove())

const test = (...args: string[]) =>
  runCommand(course.root, ['test', ...args], { WORKBOOK_PATIENCE: '2' })

describe('npm test -- NN', () => {
  it('is red on the untouched starter, and says where to begin', async () => {
    const { status, output } = await test('01', '--json', 'report.json', '--junit', 'report.xml')
    expect(status).toBe(1)
    expect(output).toContain('✗ Task 1: greet a person               0 of 2  not written yet')
    expect(output).toContain(`01-words/starter/words.ts:5  ← here`)
    expect(output).toContain(">    5 |   return todo('Task 1: greet a person')")
    expect(output).toContain('Red is where everyone starts')
    expect(output).toContain('01-words/README.md#task-1-greet-a-person')
    const report = JSON.parse(course.read('report.json'))
    expect(report).toMatchObject({ version: 3, stage: '01-words', side: 'starter', status: 'fail' })
    expect(report.tests.map(({ taskId }: { taskId: number }) => taskId)).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4,
    ])
    expect(report.tests[0]).toMatchObject({
      name: 'Task 1: greet a person › answers example 1',
      status: 'fail',
      message: 'TodoError: Task 1: greet a person — not written yet.',
      file: '01-words/tests/1-greet.test.ts',
      line: 5,
    })
    expect(course.read('report.xml')).toContain(
      '<testsuite name="Task 2: shout" tests="2" failures="2"',
    )
  })

  it('is green on the solution, and keeps no progress of it', async () => {
    const { status, output } = await test('words', '--solution')
    expect(output).toContain('✓ Task 4')
    expect(status).toBe(0)
    expect(existsSync(join(course.root, '.workbook/progress.json'))).toBe(false)
  })

  it('runs one task, and leads on to the next', async () => {
    course.edit(starter, "return todo('Task 1: greet a person')", "return 'Hi, ' + name.trim()")
    const { status, output } = await test('1.1')
    expect(status).toBe(0)
    expect(output).not.toContain('Task 4')
    expect(output).toContain('Task 1: greet a person is done. Next: Task 2: shout')
    expect(JSON.parse(course.read('.workbook/progress.json'))).toEqual({
      last: '01',
      stages: { '01': { 1: { passed: 2, total: 2 } } },
    })
  })

  it("shows a wrong answer with its test and the mistake behind it, and the learner's own line when it throws", async () => {
    course.edit(starter, "return todo('Task 1: greet a person')", "return 'Hi, '.concat(name)")
    course.edit(starter, "return todo('Task 2: shout')", 'return null.name')
    const { status, output } = await test('01', '--verbose')
    expect(status).toBe(1)
    expect(output).toContain('✗ answers example 2')
    expect(output).toContain("expected 'Hi,  Bob ' to be 'Hi, Bob'")
    expect(output).toMatch(/> +\d+ \| +expect\(greet\(' Bob '\)\)\.toBe/)
    expect(output).toContain('A known mistake trips this test:')
    expect(output).toContain('TypeError: Cannot read properties of null')
    expect(output).toContain('01-words/starter/words.ts:10  ← your line')
    expect(output).toContain('npm run hint -- 01.1')
  })

  it.each([
    ['is not TypeScript', 'export const x = {{', 'This is not TypeScript', 1],
    ['is not JavaScript', '@logged class Person {}', 'SyntaxError', 1],
    ['imports a file that is not there', "import './word.ts'", "Cannot find module './word.ts'", 1],
  ])('reads well when the code %s', async (_what, line, message, at) => {
    course.write(starter, `${line}\n${pristine}`)
    const { status, output } = await test('01', '--json', 'report.json')
    expect(status).toBe(1)
    expect(output).toContain('could not be loaded')
    expect(output).toContain(message)
    expect(output).toContain(`01-words/starter/words.ts:${at}  ← your line`)
    expect(output).not.toMatch(/node_modules|vitest/)
    expect(JSON.parse(course.read('report.json')).status).toBe('error')
  })

  it('is red when an error is lost', async () => {
    course.write(starter, `void Promise.reject(new Error('lost'))\n${course.read(solution)}`)
    const { status, output } = await test('01')
    expect(status).toBe(1)
    expect(output).toContain('✓ Task 4')
    expect(output.match(/no test has caught/g)).toHaveLength(1)
    expect(output).toContain('01-words/starter/words.ts:1  ← your line')
  })

  it('stops an endless loop, says where it was, and keeps the progress of before', async () => {
    course.edit(starter, "return todo('Task 2: shout')", 'while (true);')
    const { status, output } = await test('01')
    expect(status).toBe(1)
    expect(output).toContain('This is probably an\nendless loop.')
    expect(output).toContain('It was running: Task 2: shout › answers example 1')
    expect(existsSync(join(course.root, '.workbook/progress.json'))).toBe(false)
  })

  it('says so when the process dies, and what it said last', async () => {
    const cry = "process.getBuiltinModule('fs').writeSync(2, 'free(): twice\\n')"
    const dying = `${cry}\n  process.abort()`
    course.edit(starter, "return todo('Task 2: shout')", dying)
    const { status, output } = await test('01', '--json', 'report.json')
    expect(status).toBe(1)
    // Windows has no signals.
    const windows = process.platform === 'win32'
    expect(output).toContain(windows ? 'The test process died' : 'C stopped the test process (SIG')
    expect(output).toContain('It was running: Task 2: shout › answers example 1')
    expect(output).toContain('Its last words: free(): twice')
    expect(output).toContain('✗ Task 2: shout                        stopped after 0 of 2')
    expect(JSON.parse(course.read('report.json')).stopped).toMatchObject({
      kind: 'death',
      taskId: 2,
    })
  })

  it('shows the error behind an assertion, and sends from a written task to the one in its way', async () => {
    const name = '01-words/tests/2-shout.test.ts'
    const tests = course.read(name)
    const raised = "import { raised } from '#shared/testing/raised'\n"
    const assertion = "expect((raised(() => shout('a')) as Error).constructor).toBe(RangeError)"
    course.write(name, raised + tests.replace("expect(shout('a')).toBe('A')", assertion))
    course.edit(starter, "return todo('Task 2: shout')", 'return nobody')
    const mishap = await test('01.2')
    course.edit(starter, 'return nobody', 'return greet(text)')
    const waiting = await test('01.2')
    const wrapped = "try { return greet(text) } catch (cause) { throw new Error('no', { cause }) }"
    course.edit(starter, 'return greet(text)', wrapped)
    const hidden = await test('01.2')
    course.write(name, tests)
    expect(mishap.output).toContain('The error that was thrown:\n  ReferenceError: nobody is not')
    expect(mishap.output).toContain('01-words/starter/words.ts:10  ← your line')
    expect(waiting.output).toContain('This test needs Task 1, which is not written yet.')
    expect(waiting.output).toContain('then npm test -- 01.1')
    expect(hidden.output).toContain('Task 2: shout  0 of 2  waits for Task 1')
    expect(hidden.output).toContain('This test needs Task 1, which is not written yet.')
  })

  it('says in plain words that a test has not ended', async () => {
    const name = '01-words/tests/1-greet.test.ts'
    const tests = course.read(name)
    course.write(
      name,
      tests.replace(
        /it\('answers example 1', .*/,
        "it('answers example 1', () => new Promise(() => {}), 50)\n  it('answers more', () => {",
      ),
    )
    const { output } = await test('01.1')
    course.write(name, tests)
    expect(output).toContain('It has not ended after 0.05 seconds.')
    expect(output).not.toContain('testTimeout')
  })

  it('does not take skipped and missing tests for success', async () => {
    const name = '01-words/tests/1-greet.test.ts'
    const tests = course.read(name)
    course.write(name, tests.replace("it('answers example 2'", "it.skip('answers example 2'"))
    const second = '01-words/tests/2-shout.test.ts'
    const others = course.read(second)
    course.delete(second)
    const [skipped, missing] = await Promise.all([test('01.1', '--solution'), test('01.2')])
    course.write(name, tests)
    course.write(second, others)
    expect(skipped.output).toContain('marked as skipped, so it proves nothing')
    expect(missing.output).toContain('No test ran: there are none for Task 2: shout')
    expect([skipped.status, missing.status]).toEqual([1, 1])
  })

  it('explains wrong use, and ends with 2', async () => {
    const uses = [['zzz'], ['11'], ['01.9'], ['01', '--nope'], ['01', '02'], ['--json', 'a.json']]
    const results = await Promise.all(uses.map((args) => test(...args)))
    expect(results.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2, 2])
    const outputs = results.map(({ output }) => output)
    expect(outputs[0]).toMatch(/There is no stage "zzz"\.[\s\S]*01-words[\s\S]*02-shapes/)
    expect(outputs[2]).toMatch(/has no task 9[\s\S]*01\.1 {2}greet a person/)
    expect(outputs[3]).toMatch(/'--nope'[\s\S]*npm test -- 04/)
    expect(outputs[4]).toContain('One stage at a time')
    expect(outputs[5]).toContain('need a stage')
    const help = await test('--help')
    expect(help.status).toBe(0)
    expect(help.output).toContain('--solution')
  })
})

describe('npm test', () => {
  it('tests the solutions, whatever is in the starters', async () => {
    course.write(starter, 'while (true) {{')
    const { status, output } = await test()
    expect(output).toContain('✓ 01-words              8 of 8')
    expect(output.trimEnd().split('\n').at(-1)).toBe('16 passed, 0 failed')
    expect(status).toBe(0)
  })

  it('is red when a solution is', async () => {
    const right = course.read(solution)
    course.write(solution, right.replace('.toUpperCase()', '.toLowerCase()'))
    writeFileSync(join(course.root, 'shared/lost.test.ts'), "import './nowhere.ts'\n")
    const { status, output } = await test()
    course.write(solution, right)
    course.delete('shared/lost.test.ts')
    expect(output).toContain(
      "✗ Task 2: shout › answers example 1\n  AssertionError: expected 'a' to be 'A'",
    )
    expect(output).toContain('shared/lost.test.ts could not be loaded')
    expect(output.trimEnd().split('\n').at(-1)).toBe('14 passed, 3 failed')
    expect(status).toBe(1)
  })
})
