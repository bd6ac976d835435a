import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fixture } from '../check/fixture.ts'
import { emptySandbox } from '../check/sandbox.ts'
import { writeFiles } from '../pristine.ts'
import { stages } from '../stages.ts'
import { inParallel, jobsFor } from './means.ts'
import { asCsv, asTable } from './output.ts'
import { progressLine } from './progress-line.ts'
import type { Grade } from './stage.ts'

const course = new Fixture()
const classroom = emptySandbox()

afterAll(() => {
  course.remove()
  classroom.remove()
})

const index = course.read('01-words/starter/index.ts')
const starter = course.read('01-words/starter/words.ts')
const solution = course.read('01-words/solution/words.ts')

/** A checkout with this text in the one file that learners edit. */
function enrol(name: string, words: string) {
  const folder = join(classroom.root, name)
  writeFiles(join(folder, '01-words/starter'), { 'index.ts': index, 'words.ts': words })
  return folder
}

const solveFirst = (body: string) => starter.replace("return todo('Task 1: greet a person')", body)

/** Solved, but for what the last task does before it is: what passed before it must count. */
const solvedBut = (mischief: string) =>
  solution.replace('return [...text].reverse', () => `${mischief}\n  return [...text].reverse`)

const shared = 'new Int32Array(new SharedArrayBuffer(4))'

const checkouts = [
  enrol('alice', solution),
  enrol('bob', solveFirst("return 'Hi, '.concat(name.trim())")),
  enrol('carol', starter.replaceAll('\n', '\r\n')),
  enrol('dave', solvedBut(`Atomics.wait(${shared}, 0, 0)`)), // as good as a loop, and leaves the processor to others
  enrol(
    'erin',
    solution.replace(
      'return text.toUpper',
      'process.kill(process.pid, "SIGKILL")\n  return text.toUpper',
    ),
  ),
  enrol('frank', solveFirst('return name.')),
  enrol('grace', "export * from '../solution/words.ts'\n"),
  join(classroom.root, 'lea'),
  enrol('heidi, =1+1', solvedBut('const all = []\n  for (;;) all.push(new Array(1e5).fill(0))')),
  enrol('ivan', solvedBut('const all = []\n  for (;;) all.push(Buffer.alloc(1e7, 1))')),
  enrol('judy', solvedBut("for (let i = 0; i < 500; i++) process.stdout.write('x'.repeat(1e5))")),
  join(classroom.root, 'nobody'),
  enrol('kim', solution),
  join(classroom.root, 'alice', '..', 'alice'),
]
mkdirSync(join(classroom.root, 'lea/homework'), { recursive: true })

// A starter may be anything, also a file.
rmSync(join(classroom.root, 'kim/01-words/starter'), { recursive: true })
writeFileSync(join(classroom.root, 'kim/01-words/starter'), 'my work')

function grade(...args: string[]) {
  const command = ['shared/workbook/cli.js', 'grade', ...args]
  return spawnSync(process.execPath, command, { cwd: course.root, encoding: 'utf8' })
}

interface Row {
  readonly name: string
  readonly grades: readonly Graded[]
}

interface Graded {
  readonly state: string
  readonly tasks: { readonly passed: number; readonly total: number }
  readonly tests: { readonly passed: number; readonly total: number }
  readonly message?: string
}

describe('npm run grade', { timeout: 480_000 }, () => {
  const csvFile = join(classroom.root, 'class.csv')
  const jsonFile = join(classroom.root, 'class.json')
  let table: string
  let grades: ReadonlyMap<string, Graded>

  beforeAll(() => {
    const { status, stdout, stderr } = grade(
      ...checkouts,
      ...[
        '--stages',
        '01',
        '--timeout',
        '40',
        '--memory',
        '400',
        '--csv',
        csvFile,
        '--json',
        jsonFile,
      ],
    )
    if (status !== 0) throw new Error(stderr)
    table = stdout
    const { learners } = JSON.parse(readFileSync(jsonFile, 'utf8'))
    grades = new Map(learners.map((one: Row) => [one.name, one.grades[0]]))
  }, 480_000)

  it('counts the tasks and tests of each learner', () => {
    expect(grades.get('alice')).toMatchObject({
      state: 'graded',
      tasks: { passed: 4, total: 4 },
      tests: { passed: 8, total: 8 },
    })
    expect(grades.get('bob')).toMatchObject({
      state: 'graded',
      tasks: { passed: 1, total: 4 },
      tests: { passed: 2, total: 8 },
    })
  })

  it('knows a starter that nobody has touched, whatever its lines end with', () => {
    expect(grades.get('carol')).toMatchObject({
      state: 'untouched',
      tasks: { passed: 0, total: 4 },
      tests: { passed: 0, total: 8 },
    })
  })

  it('ends an endless loop and counts the tasks that have none', () => {
    expect(grades.get('dave')).toMatchObject({ state: 'timeout', tasks: { passed: 3, total: 4 } })
  })

  it('survives a learner who kills the process, one who does not load, and one who is not there', () => {
    expect(grades.get('erin')).toMatchObject({ state: 'error', tasks: { passed: 3, total: 4 } })
    expect(grades.get('frank')).toMatchObject({ state: 'error', tests: { passed: 0, total: 8 } })
    expect(grades.get('nobody')).toMatchObject({ state: 'missing', tasks: { passed: 0, total: 4 } })
    expect(grades.get('kim')).toMatchObject({ state: 'error', tasks: { passed: 0, total: 4 } })
  })

  it('survives who eats up the memory, whichever, and who prints without end', () => {
    expect(grades.get('heidi, =1+1')).toMatchObject({
      state: 'error',
      tasks: { passed: 3, total: 4 },
    })
    expect(grades.get('heidi, =1+1')?.message).toMatch(/heap out of memory|more than 400 MB/)
    expect(grades.get('ivan')).toMatchObject({ state: 'error', tasks: { passed: 3, total: 4 } })
    expect(grades.get('ivan')?.message).toContain('The tests took more than 400 MB of memory.')
    expect(grades.get('judy')).toMatchObject({ state: 'graded', tasks: { passed: 4, total: 4 } })
  })

  it('gives no credit for importing the solution', () => {
    expect(grades.get('grace')).toMatchObject({ state: 'error', tasks: { passed: 0, total: 4 } })
  })

  it('says that a folder holds nothing of the course', () => {
    expect(grades.get('lea')).toMatchObject({ state: 'missing' })
    expect(grades.get('lea')?.message).toBe(
      `${join(classroom.root, 'lea')} holds no stage of the course.`,
    )
  })

  it('grades a folder once, however often it was named', () => {
    expect(grades.size).toBe(checkouts.length - 1)
  })

  it('prints a table with a reason for what went wrong', () => {
    expect(table).toMatch(/^learner +01-words +all$/m)
    expect(table).toMatch(/^alice +4\/4 \(8\/8\) +4\/4$/m)
    expect(table).toMatch(/^carol +· +0\/4$/m)
    expect(table).toMatch(/^dave +timeout 3\/4 \(6\/8\) +3\/4$/m)
    expect(table).toMatch(/^dave 01: No answer for /m)
    expect(table).toMatch(/^erin 01: The test process died/m)
    expect(table).toMatch(/^nobody 01: There is no folder /m)
  })

  it('writes one row for each learner into the CSV file', () => {
    const rows = readFileSync(csvFile, 'utf8').split('\r\n')
    expect(rows[0]).toBe(
      'learner,directory,01_state,01_tasks,01_tasks_total,01_tests,01_tests_total,tasks,tasks_total',
    )
    expect(rows).toHaveLength(grades.size + 2)
    expect(rows[2]).toBe(`bob,${join(classroom.root, 'bob')},graded,1,4,2,8,1,4`)
    expect(rows.some((row) => row.startsWith('"heidi, =1+1",'))).toBe(true)
  })

  it.each([
    [[], 'npm run grade -- DIR'],
    [['nowhere'], 'There is no such folder'],
    [['.', '--timeout', 'soon'], '--timeout needs a number'],
    [['.', '--memory', '0'], '--memory needs a number'],
    [['.', '--stages', '77'], 'There is no stage "77".'],
  ])('answers wrong use with exit code 2: %j', (args, message) => {
    const { status, stderr } = grade(...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  it('grades nobody by a solution that is red itself', () => {
    course.write('01-words/solution/words.ts', starter)
    const { status, stderr } = grade(...checkouts, '--stages', '01')
    expect(status).toBe(2)
    expect(stderr).toContain('the solution of 01-words is red itself')
  })
})

describe('many at once', { timeout: 480_000 }, () => {
  const room = join(classroom.root, 'room')
  const log = join(classroom.root, 'present.log')

  /**
   * Loads, counts who else is loading, and stays until two have met, and a moment longer: a third one would be seen.
   * And it breaks the course itself, which must not matter to anybody any more.
   */
  const presence = `
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
const me = ${JSON.stringify(room)} + '/' + process.pid
writeFileSync(me, '')
writeFileSync(${JSON.stringify(join(course.root, '01-words/tests/2-shout.test.ts'))}, 'broken')
const pause = () => Atomics.wait(${shared}, 0, 0, 100)
const look = () => appendFileSync(${JSON.stringify(log)}, readdirSync(${JSON.stringify(room)}).length + ' ')
const hasMet = () => /[2-9]/.test(readFileSync(${JSON.stringify(log)}, 'utf8'))
for (look(); !hasMet(); look()) pause()
for (let i = 0; i < 2; i++, look()) pause()
rmSync(me)
`

  it('are as many as --jobs says: never more, and not fewer', () => {
    mkdirSync(room)
    for (const name of ['a', 'b', 'c', 'd']) enrol(`four/${name}`, presence + solution)
    mkdirSync(join(classroom.root, 'four/.git'))
    mkdirSync(join(classroom.root, 'four/e'))
    course.restore()
    const { status, stdout } = grade(
      join(classroom.root, 'four'),
      '--stages',
      '01',
      '--jobs',
      '2',
      '--csv',
    )
    expect(status).toBe(0)
    expect(stdout.match(/^[a-d],.*,graded,4,4,8,8,4,4\r$/gm)).toHaveLength(4)
    expect(stdout).toMatch(/^e,.*,missing,0,4,0,8,0,4\r\n$/m)
    const counts = readFileSync(log, 'utf8').trim().split(' ').map(Number)
    expect(Math.max(...counts)).toBe(2)
  })

  it('are begun in order, never more than the limit, and all of them', async () => {
    let alive = 0
    let most = 0
    const begun: number[] = []
    const results = await inParallel([3, 1, 4, 1, 5, 9, 2], 3, async (item) => {
      begun.push(item)
      most = Math.max(most, ++alive)
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve()
      alive -= 1
      return item * 10
    })
    expect(begun).toEqual([3, 1, 4, 1, 5, 9, 2])
    expect(most).toBe(3)
    expect(results).toEqual([30, 10, 40, 10, 50, 90, 20])
  })

  it.each([
    [8, 64_000, 8],
    [8, 2200, 3],
    [8, 300, 1],
    [1, 64_000, 1],
  ])('are no more than %i processors and %i MB can bear: %i', (processors, memory, jobs) => {
    expect(jobsFor(processors, memory)).toBe(jobs)
  })
})

describe('what is shown of a class', () => {
  const count = { passed: 1, total: 2 }
  const graded = (stage: string, state: Grade['state'], message?: string): Grade => ({
    ...{ stage, state, tasks: count, tests: count, details: [] },
    ...(message && { message }),
  })
  const two = stages.slice(0, 2)
  const learner = (name: string, ...grades: Grade[]) => ({ name, directory: '/d', grades })

  it('is CSV by its standard, in which no name is computed', () => {
    const names = ['a,b', 'c "d"', 'e\nf', '=1+1', '+g', '-h', '@i', ' =j', '\tk', '', 'ü-m']
    const fields = asCsv(
      names.map((name) => learner(name)),
      [],
    )
    expect(fields.split('\r\n').map((row) => row.replace(/,\/d,0,0$/, ''))).toEqual([
      'learner,directory,tasks,tasks_total',
      ...['"a,b"', '"c ""d"""', '"e\nf"', "'=1+1", "'+g", "'-h", "'@i", "' =j", "'\tk", '', 'ü-m'],
      '',
    ])
  })

  it('is a narrow table on a narrow terminal', () => {
    const ann = learner('ann', graded('01', 'timeout', 'slow'), graded('02', 'untouched'))
    const ben = learner('ben', graded('01', 'missing', 'none'), graded('02', 'missing', 'none'))
    expect(asTable([ann, ben], two, 30).split('\n')).toEqual([
      'learner   01      02   all',
      'ann       1/2 t   ·    2/4',
      'ben       -       -    2/4',
      '',
      'tasks done; · untouched, - missing, t out of time, e broke down',
      '',
      'ann 01: slow',
      'ben 01, 02: none',
    ])
    expect(asTable([ann], two)).toMatch(/^ann +timeout 1\/2 \(1\/2\) +· +2\/4$/m)
  })

  it('is a line of progress on a terminal, and nothing elsewhere', () => {
    const written: string[] = []
    const write = (text: string) => written.push(text)
    const line = progressLine(2, { isTTY: true, columns: 12, write })
    line.step('ann 01')
    line.step('a longer name')
    line.end()
    expect(written).toEqual(['\r\u001b[K1 of 2  ann', '\r\u001b[K2 of 2  a l', '\r\u001b[K'])
    progressLine(2, { write }).step('ann 01')
    expect(written).toHaveLength(3)
  })
})
