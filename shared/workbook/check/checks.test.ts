import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { copies } from './copies.ts'
import type { Check } from './course.ts'
import { Fixture } from './fixture.ts'
import { noSkips } from './no-skips.ts'
import { numbering } from './numbering.ts'
import { pristine } from './pristine.ts'
import { wrongImports } from './self-contained.ts'

const course = new Fixture()

afterEach(() => course.restore())

afterAll(() => course.remove())

/** The problems of a check, one line each. */
async function problemsOf(check: Check, of = course) {
  const problems = await check.find(await of.open())
  return problems.map(({ where, what }) => `${where}: ${what}`)
}

describe('a valid course', () => {
  it.each([numbering, copies, pristine, noSkips])('passes $name', async (check) => {
    expect(await problemsOf(check)).toEqual([])
  })
})

describe('copies', () => {
  it('sees a fix that reached one copy alone', async () => {
    course.edit('01-words/solution/words.ts', 'toUpperCase', 'toLocaleUpperCase')

    expect(await problemsOf(copies)).toEqual([
      '02-shapes/solution/words.ts: has drifted from 01-words/solution/words.ts',
    ])
  })

  it('sees a starter that differs from the solution where there is no gap', async () => {
    course.edit('02-shapes/starter/words.ts', 'toUpperCase', 'toLowerCase')

    expect(await problemsOf(copies)).toEqual([
      '02-shapes/starter/words.ts: differs from the solution, but holds no TODO(n)',
    ])
  })

  it('sees a file that one side lacks', async () => {
    course.write('01-words/solution/extra.ts', 'export const extra = 1\n')

    expect(await problemsOf(copies)).toEqual([
      '01-words/starter/extra.ts: is missing: solution/ has it',
      '02-shapes/solution/extra.ts: is missing: 01-words/solution/ has it',
    ])
  })

  it('sees a carried file that was left out, unless the manifest retires it', async () => {
    for (const side of ['starter', 'solution']) course.delete(`02-shapes/${side}/words.ts`)
    const retired = await course.openWith(({ number }) =>
      number === '02' ? { retires: { 'words.ts': 'shapes have no words' } } : {},
    )

    expect(await problemsOf(copies)).toEqual([
      '02-shapes/solution/words.ts: is missing: 01-words/solution/ has it',
    ])
    expect(await copies.find(retired)).toEqual([])
  })

  it('lets index.ts gain lines, not lose them', async () => {
    course.write('01-words/solution/index.ts', "export { count } from './words.ts'\n")
    course.write('01-words/starter/index.ts', "export { count } from './words.ts'\n")

    expect(await problemsOf(copies)).toEqual([
      '02-shapes/solution/index.ts: has drifted from 01-words/solution/index.ts',
    ])
  })

  it('accepts a rewritten file that the manifest lists', async () => {
    for (const side of ['starter', 'solution']) {
      course.edit(`02-shapes/${side}/words.ts`, 'toUpperCase', 'toLocaleUpperCase')
    }
    const listed = await course.openWith(({ number }) =>
      number === '02' ? { rewrites: { 'words.ts': 'speaks Turkish' } } : {},
    )

    expect(await copies.find(listed)).toEqual([])
  })

  it('compares the list of a lesson with the manifest', async () => {
    const list = (text: string) =>
      course.write('02-shapes/README.md', `<!-- rewrites -->\n${text}\n<!-- /rewrites -->\n`)
    const rewritten = async () => {
      const listed = await course.openWith(({ number }) =>
        number === '02' ? { rewrites: { 'words.ts': 'speaks Turkish' } } : {},
      )
      return (await copies.find(listed)).map(({ what }) => what)
    }
    for (const side of ['starter', 'solution'])
      course.edit(`02-shapes/${side}/words.ts`, 'toUpperCase', 'toLocaleUpperCase')

    list('`words.ts`')
    expect(await rewritten()).toEqual([])
    list('`index.ts`')
    expect(await rewritten()).toEqual([
      'does not list the rewritten words.ts',
      'lists index.ts as rewritten once too often',
    ])
    list('`words.ts` `words.ts`')
    expect(await rewritten()).toEqual(['lists words.ts as rewritten once too often'])
  })

  it('sees entries of the manifest that are out of date', async () => {
    const stale = await course.openWith(({ number }) =>
      number === '02'
        ? { rewrites: { 'words.ts': 'it was' }, retires: { 'words.ts': 'it is', 'old/': 'gone' } }
        : {},
    )

    const problems = (await copies.find(stale)).map(({ where }) => where)
    expect(problems).toContain('stages.ts, "rewrites" of 02: words.ts')
    expect(problems).toContain('stages.ts, "retires" of 02: words.ts')
    expect(problems).toContain('stages.ts, "retires" of 02: old/')
  })

  it('sees a gap that was left in a solution', async () => {
    course.edit(
      '02-shapes/solution/mapping/shapes.ts',
      '  return width *',
      '  // TODO(1): x\n  return width *',
    )

    expect(await problemsOf(copies)).toEqual([
      '02-shapes/solution/mapping/shapes.ts:2: a gap in a solution',
    ])
  })
})

describe('pristine', () => {
  it('sees a starter that was changed and not packed', async () => {
    course.edit('01-words/starter/words.ts', 'write it', 'write this')

    expect(await problemsOf(pristine)).toEqual([
      'shared/workbook/pristine/01.json.gz: differs from 01-words/starter in words.ts',
    ])
  })

  it('sees a stage that was never packed', async () => {
    course.delete('shared/workbook/pristine/02.json.gz')

    expect(await problemsOf(pristine)).toEqual(['shared/workbook/pristine/02.json.gz: is missing'])
  })
})

describe('numbering', () => {
  it('sees a heading without tests', async () => {
    course.edit('01-words/README.md', '## What changed', '### Task 5: whisper\n\n## What changed')

    expect(await problemsOf(numbering)).toEqual([
      '01-words/README.md: heading "### Task 5: whisper" is no task',
    ])
  })

  it('sees a task without a heading', async () => {
    course.edit('01-words/README.md', '### Task 2: shout', '### Shout')

    expect(await problemsOf(numbering)).toEqual([
      '01-words/README.md: has no heading "### Task 2: shout"',
    ])
  })

  it('sees a describe that is called otherwise', async () => {
    course.edit('01-words/tests/2-shout.test.ts', 'Task 2: shout', 'Task 2: cry')

    expect(await problemsOf(numbering)).toEqual([
      '01-words/tests: has no describe "Task 2: shout"',
      '01-words/tests: describe "Task 2: cry" is no task',
    ])
  })

  it('does not take a comment for a test', async () => {
    course.edit('01-words/tests/2-shout.test.ts', "describe('Task", "// describe('Task")

    expect(await problemsOf(numbering)).toEqual(['01-words/tests: has no describe "Task 2: shout"'])
  })

  it('sees a task that stands in the file of another', async () => {
    course.write('01-words/tests/1-more.test.ts', course.read('01-words/tests/2-shout.test.ts'))
    course.delete('01-words/tests/2-shout.test.ts')

    expect(await problemsOf(numbering)).toEqual([
      "01-words/tests/1-more.test.ts: holds describe('Task 2: shout')",
    ])
  })

  it('sees a TODO with another number than its todo()', async () => {
    course.edit('01-words/starter/words.ts', 'TODO(2)', 'TODO(3)')

    const problems = await problemsOf(numbering)
    expect(problems[0]).toBe('01-words/starter/words.ts: has no gap for Task 2: shout')
    expect(problems[1]).toContain("TODO(3) above todo('Task 2: shout')")
  })

  it('sees a TODO in a file that the manifest does not name', async () => {
    course.edit(
      '02-shapes/starter/words.ts',
      '  return text.toUpper',
      '  // TODO(1): more\n  return text.toUpper',
    )

    expect(await problemsOf(numbering)).toEqual([
      '02-shapes/starter/words.ts:6: TODO(1) stands alone fits no task of this file in the manifest',
    ])
  })

  it('sees too few hints, empty ones, and hints of no task', async () => {
    const own = new Fixture() // what was imported once stays as it was
    own.write(
      'shared/workbook/hints/01.ts',
      "export const hints = { 1: ['a', 'b'], 2: ['a', 'b', ' '], 3: ['a', 'b', 'c'], 4: ['a', 'b', 'c'], 9: ['a', 'b', 'c'] }\n",
    )

    const problems = await problemsOf(numbering, own)
    own.remove()
    expect(problems).toEqual([
      'shared/workbook/hints/01.ts: task 1 has fewer than three hints',
      'shared/workbook/hints/01.ts: task 2 has fewer than three hints',
      'shared/workbook/hints/01.ts: task 2 has an empty hint',
      'shared/workbook/hints/01.ts: there is no task 9',
    ])
  })

  it('sees a wrong answer without a question, and one that belongs to no task', async () => {
    const own = new Fixture()
    own.edit(
      '01-words/mistakes.ts',
      "caughtBy: 'Task 1: greet a person › ",
      "caughtBy: 'Given: a › ",
    )
    own.edit('02-shapes/mistakes.ts', 'and why?', 'and why.')

    const problems = await problemsOf(numbering, own)
    own.remove()
    expect(problems).toEqual([
      '01-words/mistakes.ts greet-1: is caught by no test of a task',
      '02-shapes/mistakes.ts area-1: has no question to "ask"',
    ])
  })

  it('sees tasks that do not count 1, 2, 3, and too few of them', async () => {
    const odd = await course.openWith(({ tasks }) => ({ tasks: tasks.slice(1) }))

    const problems = (await numbering.find(odd)).map(({ what }) => what)
    expect(problems).toContain('count 2, 3, 4')
    expect(problems).toContain('are 3')
  })
})

describe('no-skips', () => {
  // Nothing here is skipped, and no assertion is empty. `it.skip(`, `it.only(`, `it.fails(`, `expect(true)` and `|| true` are texts
  // that are written into a copy of a sample course, because the check has to find them there. Without them it could not be seen failing.
  it.each([
    ['it.skip(', /skipped/],
    ['it.only(', /singled out/],
    ['it.skipIf(process.env.CI)(', /skipped/],
    ['it.fails(', /expected to fail/],
    ['xit(', /skipped/],
  ])('sees %s', async (call, what) => {
    course.edit('01-words/tests/1-greet.test.ts', 'it(', call)

    const [problem] = await problemsOf(noSkips)
    expect(problem).toMatch(/^01-words\/tests\/1-greet\.test\.ts:5: /)
    expect(problem).toMatch(what)
  })

  it('sees a bare toThrow()', async () => {
    course.edit(
      '01-words/tests/1-greet.test.ts',
      "expect(greet('Alice')).toBe('Hi, Alice')",
      "expect(() => greet('Alice')).toThrow()",
    )

    expect(await problemsOf(noSkips)).toHaveLength(1)
  })

  it('sees an assertion about nothing', async () => {
    course.edit('01-words/tests/1-greet.test.ts', "expect(greet('Alice'))", 'expect(true)')

    expect(await problemsOf(noSkips)).toHaveLength(1)
  })

  it('sees a swallowed exit code', async () => {
    course.write('.ci/run', 'npm test || true\n')

    expect(await problemsOf(noSkips)).toEqual(['.ci/run:1: || true — a failure would go unnoticed'])
  })

  it('leaves comments and strings alone', async () => {
    course.edit(
      '01-words/tests/1-greet.test.ts',
      "describe('Task 1",
      "// it.skip(\ndescribe('Task 1",
    )
    course.edit('01-words/tests/1-greet.test.ts', "it('answers", "it('it.only( answers")

    expect(await problemsOf(noSkips)).toEqual([])
  })
})

describe('self-contained', () => {
  async function importsOf(file: string, line: string) {
    course.write(file, `${line}\n`)
    const { stages, ...rest } = await course.open()
    return stages
      .flatMap((stage) => wrongImports({ stages, ...rest }, stage))
      .map(({ what }) => what)
  }

  it.each([
    [
      '02-shapes/solution/mapping/x.ts',
      "import { a } from '../../../01-words/solution/words.ts'",
      /outside of the stage/,
    ],
    ['02-shapes/solution/mapping/x.ts', "export * from '#stage/01-words'", /imports another stage/],
    ['02-shapes/solution/mapping/x.ts', "import '../index.ts'", /imports index\.ts/],
    ['02-shapes/solution/mapping/x.ts', "import '#stage/02-shapes'", /its own door/],
    [
      '02-shapes/solution/mapping/x.ts',
      "import type { A } from '../query/a.ts'",
      /mapping\/ imports query\//,
    ],
    ['02-shapes/solution/profiling/x.ts', "import '../app/a.ts'", /profiling\/ imports app\//],
    ['02-shapes/solution/record/x.ts', "import '../session/a.ts'", /record\/ imports session\//],
    [
      '02-shapes/tests/x.ts',
      "const { area } = await import('../solution/index.ts')",
      /outside of tests/,
    ],
    ['02-shapes/tests/x.ts', "import 'left-pad'", /package\.json does not name/],
    ['02-shapes/demo.ts', "import { area } from './starter/index.ts'", /outside of its place/],
  ])('sees in %s: %s', async (file, line, what) => {
    expect(await importsOf(file, line)).toEqual([expect.stringMatching(what)])
  })

  it.each([
    ['02-shapes/solution/app/x.ts', "import '../session/a.ts'"],
    ['02-shapes/solution/record/x.ts', "import { a } from '../query/a.ts'"],
    ['02-shapes/solution/mapping/x.ts', "import { a } from '../errors.ts'"],
    ['02-shapes/solution/mapping/x.ts', "// import '../index.ts'"],
    ['02-shapes/tests/x.ts', "import { a } from './helper.ts'"],
    ['02-shapes/tests/x.ts', "import { todo } from '#shared/todo'"],
    ['02-shapes/tests/x.ts', "import { join } from 'node:path'"],
  ])('allows in %s: %s', async (file, line) => {
    expect(await importsOf(file, line)).toEqual([])
  })
})
