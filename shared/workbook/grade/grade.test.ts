import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fixture } from '../check/fixture.ts'
import { emptySandbox } from '../check/sandbox.ts'
import { writeFiles } from '../pristine.ts'

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

const checkouts = [
  enrol('alice', solution),
  enrol('bob', solveFirst("return 'Hi, '.concat(name.trim())")),
  enrol('carol', starter),
  enrol(
    'dave',
    solution.replace(
      'return [...text].reverse',
      'for (;;) count(text)\n  return [...text].reverse',
    ),
  ),
  enrol(
    'erin',
    solution.replace(
      'return text.toUpper',
      'process.kill(process.pid, "SIGKILL")\n  return text.toUpper',
    ),
  ),
  enrol('frank', solveFirst('return name.')),
  enrol('grace', "export * from '../solution/words.ts'\n"),
  classroom.root,
]

function grade(...args: string[]) {
  const command = ['shared/workbook/cli.js', 'grade', ...args]
  return spawnSync(process.execPath, command, { cwd: course.root, encoding: 'utf8' })
}

interface Graded {
  readonly state: string
  readonly tasks: { readonly passed: number; readonly total: number }
  readonly tests: { readonly passed: number; readonly total: number }
  readonly message?: string
}

describe('npm run grade', { timeout: 120_000 }, () => {
  const csvFile = join(classroom.root, 'class.csv')
  const jsonFile = join(classroom.root, 'class.json')
  let table: string
  let grades: Graded[]

  beforeAll(() => {
    const { status, stdout, stderr } = grade(
      ...checkouts,
      ...['--stages', '01', '--timeout', '12', '--csv', csvFile, '--json', jsonFile],
    )
    if (status !== 0) throw new Error(stderr)
    table = stdout
    const { learners } = JSON.parse(readFileSync(jsonFile, 'utf8'))
    grades = learners.map((one: { grades: Graded[] }) => one.grades[0])
  }, 120_000)

  it('counts the tasks and tests of each learner', () => {
    const [alice, bob, carol] = grades
    expect(alice).toMatchObject({
      state: 'graded',
      tasks: { passed: 4, total: 4 },
      tests: { passed: 8, total: 8 },
    })
    expect(bob).toMatchObject({
      state: 'graded',
      tasks: { passed: 1, total: 4 },
      tests: { passed: 2, total: 8 },
    })
    expect(carol).toMatchObject({
      state: 'graded',
      tasks: { passed: 0, total: 4 },
      tests: { passed: 0, total: 8 },
    })
  })

  it('ends an endless loop and counts the tasks that have none', () => {
    expect(grades[3]).toMatchObject({ state: 'timeout', tasks: { passed: 3, total: 4 } })
  })

  it('survives a learner who kills the process, one who does not load, and one who is not there', () => {
    expect(grades[4]).toMatchObject({ state: 'error', tasks: { passed: 3, total: 4 } })
    expect(grades[5]).toMatchObject({ state: 'error', tests: { passed: 0, total: 8 } })
    expect(grades[7]).toMatchObject({ state: 'missing', tasks: { passed: 0, total: 4 } })
  })

  it('gives no credit for importing the solution', () => {
    expect(grades[6]).toMatchObject({ state: 'error', tasks: { passed: 0, total: 4 } })
  })

  it('prints a table with a reason for what went wrong', () => {
    expect(table).toMatch(/^learner +01-words +all$/m)
    expect(table).toMatch(/^alice +4\/4 \(8\/8\) +4\/4$/m)
    expect(table).toMatch(/^dave +timeout 3\/4 \(6\/8\) +3\/4$/m)
    expect(table).toMatch(/^dave 01: No answer for /m)
    expect(table).toMatch(/^erin 01: The test process died/m)
  })

  it('writes one row for each learner into the CSV file', () => {
    const rows = readFileSync(csvFile, 'utf8').trim().split('\n')
    expect(rows[0]).toBe(
      'learner,directory,01_state,01_tasks,01_tasks_total,01_tests,01_tests_total,tasks,tasks_total',
    )
    expect(rows).toHaveLength(checkouts.length + 1)
    expect(rows[2]).toBe(`bob,${checkouts[1]},graded,1,4,2,8,1,4`)
  })

  it.each([
    [[], 'npm run grade -- DIR'],
    [['nowhere'], 'There is no such folder'],
    [['.', '--timeout', 'soon'], '--timeout needs a number'],
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
