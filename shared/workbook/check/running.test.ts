import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Mistake } from '../mistakes.ts'
import type { Check } from './course.ts'
import { Fixture } from './fixture.ts'
import { independence } from './independence.ts'
import { lint } from './lint.ts'
import { mistakes, mistakesWithin } from './mistakes.ts'
import { prose } from './prose.ts'
import { selfContained } from './self-contained.ts'
import { solution } from './solution.ts'
import { types } from './types.ts'
import { unsolved } from './unsolved.ts'

const minute = 60_000

const course = new Fixture()

afterEach(() => course.restore())

afterAll(() => course.remove())

const problemsOf = (check: Check, ...stages: string[]) => problemsIn(course, check, ...stages)

/** The problems of a check, one line each. */
async function problemsIn(of: Fixture, check: Check, ...stages: string[]) {
  const problems = await check.find(await of.open(...stages))
  return problems.map(({ where, what }) => `${where}: ${what}`)
}

describe('a valid course', { timeout: minute }, () => {
  it.each([types, lint, prose])('passes $name', async (check) => {
    expect(await check.find(await course.open())).toEqual([])
  })

  it.each([solution, unsolved, mistakes, selfContained, independence])(
    'passes $name',
    async (check) => {
      expect(await check.find(await course.open('02'))).toEqual([])
    },
  )
})

describe('types', { timeout: minute }, () => {
  it('sees a starter that lacks an export', async () => {
    course.edit('01-words/starter/index.ts', 'count, ', '')

    const [problem] = await problemsOf(types)
    expect(problem).toMatch(/^01-words\/tests\/3-count\.test\.ts:2: TS2305: /)
  })

  it('sees a wrong type in a solution', async () => {
    course.edit('01-words/solution/words.ts', 'return [...text].length', "return '2'")

    expect(await problemsOf(types)).toEqual([
      expect.stringMatching(/^01-words\/solution\/words\.ts:10: TS2322/),
    ])
  })
})

describe('lint', { timeout: minute }, () => {
  it('sees what is not formatted', async () => {
    course.edit(
      '01-words/solution/words.ts',
      'return [...text].length',
      'return  [...text].length;',
    )

    expect(await problemsOf(lint)).toEqual([expect.stringContaining('01-words/solution/words.ts')])
  })
})

describe('solution', { timeout: minute }, () => {
  it('sees a red test, a file that does not load, one without tests, a rejection that nobody awaited, and a stage without tests', async () => {
    course.edit('01-words/solution/words.ts', 'return [...text].length', 'return 0')
    course.write('01-words/tests/5-none.test.ts', 'export {}\n')
    course.write('01-words/tests/6-broken.test.ts', "import './nowhere.ts'\n")
    course.edit(
      '01-words/tests/1-greet.test.ts',
      "    expect(greet('Alice'))",
      "    void Promise.reject(new Error('lost'))\n    expect(greet('Alice'))",
    )

    course.delete('02-shapes/tests')

    const problems = await problemsOf(solution)
    expect(problems).toContain('02-shapes/tests: no test ran')
    expect(problems).toContainEqual(expect.stringMatching(/^01-words\/tests\/5-none\.test\.ts: /))
    expect(problems).toContainEqual(expect.stringMatching(/^01-words\/tests\/6-broken\.test\.ts: /))
    expect(problems).toContain(
      '01 Task 3: count the letters › answers example 1: AssertionError: expected +0 to be 2 // Object.is equality',
    )
    expect(problems).toContain('the test run: Error: lost')
  })
})

describe('unsolved', { timeout: minute }, () => {
  it('sees tasks that are green, red for another reason, too thin or homeless, red given code, and a starter that is green as a whole', async () => {
    course.edit(
      '01-words/starter/words.ts',
      "return todo('Task 2: shout')",
      'return text.toUpperCase()',
    )
    course.edit('01-words/starter/words.ts', "return todo('Task 3: count the letters')", 'return 0')
    course.edit(
      '01-words/tests/4-reverse.test.ts',
      "  it('answers example 2'",
      "})\n\nit('is alone', () => {})\n\ndescribe('Given: a word', () => {\n  it('answers example 2'",
    )

    const solved = course.read('02-shapes/solution/mapping/shapes.ts')
    course.write('02-shapes/starter/mapping/shapes.ts', solved)

    const problems = await problemsOf(unsolved)
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^npm test -- 02: exits with 0 /),
        '01 Task 2: shout › answers example 1: passes on the untouched starter, so it proves nothing',
        expect.stringMatching(
          /^01 Task 3: .* 1: fails with AssertionError: .*, not with TodoError$/,
        ),
        '01 is alone: stands in no task',
        expect.stringMatching(/^01 Given: a word › answers example 2: TodoError: /),
        "01-words Task 4: turn a word's letters round: has 1 test(s)",
      ]),
    )
  })
})

describe('mistakes', { timeout: minute }, () => {
  // What was imported once stays as it was, so each test has a course of its own.
  let own: Fixture

  beforeEach(() => {
    own = new Fixture()
  })

  afterEach(() => own.remove())

  function addMistake(fields: Partial<Mistake>) {
    const mistake = {
      name: 'one-more',
      file: 'words.ts',
      find: 'return text.toUpperCase()',
      replace: 'return text',
      caughtBy: 'Task 2: shout › answers example 1',
      why: 'A paragraph that says to the learner what goes wrong here, and which idea is mistaken for which.',
      ask: 'What does shout give for a word in small letters?',
      ...fields,
    }
    own.edit('01-words/mistakes.ts', '\n]\n', `\n  ${JSON.stringify(mistake)},\n]\n`)
  }

  it('sees what survives, what cannot be tried, and what breaks more than a test', async () => {
    addMistake({ name: 'survives', replace: 'return text.toLocaleUpperCase()' })
    addMistake({ name: 'breaks-the-file', replace: 'return )' })
    addMistake({ name: 'breaks-the-door', find: 'export function shout', replace: 'function cry' })
    addMistake({ name: 'finds-nothing', find: 'return nothing' })
    addMistake({ name: 'finds-too-much', find: 'text' })
    addMistake({ name: 'knows-no-task', caughtBy: 'Task 9: whisper › answers' })
    addMistake({ name: 'knows-no-test', caughtBy: 'Task 2: shout › answers all' })
    addMistake({ name: 'says-nothing', why: 'wrong' })
    addMistake({ name: 'says-nothing' })

    const at = '01-words/mistakes.ts'
    expect(await problemsIn(own, mistakes, '01')).toEqual(
      expect.arrayContaining([
        `${at} survives: "Task 2: shout › answers example 1" stays green`,
        expect.stringContaining(`${at} breaks-the-file: the test file does not even load`),
        `${at} finds-nothing: "find" occurs 0 times in solution/words.ts`,
        expect.stringMatching(/finds-too-much: "find" occurs \d\d? times in solution\/words\.ts/),
        `${at} knows-no-task: no test file holds "Task 9: whisper › answers"`,
        `${at} knows-no-test: there is no test "Task 2: shout › answers all"`,
        `${at} says-nothing: "why" is too short to help`,
        `${at} says-nothing: has a name twice`,
      ]),
    )
  })

  it('does not take a loop for a catch', async () => {
    addMistake({ name: 'hangs', replace: 'for (;;) text.toUpperCase()' })

    expect(await problemsIn(own, mistakesWithin(8), '01')).toEqual([
      '01-words/mistakes.ts hangs: its test file is still running after 8 seconds',
    ])
  })

  it('sees a bank that is too small', async () => {
    own.write('01-words/mistakes.ts', 'export const mistakes = []\n')

    expect(await problemsIn(own, mistakes, '01')).toEqual([
      '01-words/mistakes.ts: holds 0 mistakes',
    ])
  })
})

describe('prose', { timeout: minute }, () => {
  it('sees snippets, outputs, scripts, links and sections that are not true', async () => {
    const page = '01-words/README.md'
    course.edit(page, "return 'Hi, '", "return 'Hello, '")
    course.edit(page, '```console\nHi, Alice', '```console\nHi, Bob')
    course.edit(page, 'npm test -- 01', 'npm run tests -- 01')
    course.edit(page, 'It hurts.', '<!-- run: npm run nothing -->\n\n```console\nx\n```')
    course.edit(page, 'Like this.', '```ts\nconst unproved = 1\n```')
    course.edit(page, '#task-1-greet-a-person', '#task-1-meet-a-person')
    course.edit(page, '## The picture', '## A picture')
    course.edit('README.md', '01-words/README.md', '01-word/README.md')

    const problems = await problemsOf(prose)
    expect(problems).toEqual([
      `${page}: has no section "## The picture"`,
      expect.stringMatching(/dead link #task-1-meet-a-person: the file has no such anchor$/),
      `${page}:11: "npm run nothing" does not print this block: it cannot be run: package.json has no script "nothing".`,
      expect.stringMatching(
        /solution\/words\.ts does not hold this block: it has no line "return 'Hello, '\./,
      ),
      expect.stringMatching(/demo\.ts" does not print this block: it has no line "Hi, Bob"$/),
      expect.stringMatching(/:\d+: this block carries no proof$/),
      expect.stringMatching(/:\d+: package\.json has no script "tests"$/),
      'README.md:3: dead link 01-word/README.md#the-tasks: there is no such file',
    ])
  })

  it('sees sections out of order', async () => {
    course.edit('01-words/README.md', '## The pain', '## The tasks')
    course.edit('01-words/README.md', '## The tasks\n\n###', '## The pain\n\n###')

    expect(await problemsOf(prose, '01')).toContainEqual(
      expect.stringMatching(/"## Predict before you run" comes too early$/),
    )
  })
})

describe('self-contained', { timeout: minute }, () => {
  it('sees a stage that reads the files of another while it runs', async () => {
    course.edit(
      '02-shapes/tests/1-area.test.ts',
      '    expect(area(2, 3))',
      "    process.getBuiltinModule('fs').readFileSync('01-words/demo.ts')\n    expect(area(2, 3))",
    )

    expect(await problemsOf(selfContained, '02')).toEqual([
      expect.stringMatching(
        /^02-shapes, copied alone: Task 1: the area › answers example 1: Error: ENOENT/,
      ),
    ])
  })
})

describe('independence', { timeout: minute }, () => {
  it('sees a suite that looks into a starter', async () => {
    course.edit('package.json', 'shared/workbook/cli.js test"', 'shared/workbook/cli.js test 01"')

    expect(await problemsOf(independence, '01')).toEqual([
      expect.stringMatching(/^npm test: with a ruined 01-words\/starter, npm test exits with 1/),
    ])
  })
})
