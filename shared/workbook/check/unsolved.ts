import type { Stage } from '../stages.ts'
import { runScript } from './commands.ts'
import type { Check, Course, Problem } from './course.ts'
import type { TestResult } from './run-tests.ts'
import { copyCourse } from './sandbox.ts'
import { brokenFiles, lineOf, resultsOf, runStages } from './tests.ts'

export const unsolved: Check = {
  name: 'unsolved',
  promise: 'on an untouched starter every task is red with TodoError, and the run too',
  async find(course) {
    const run = await runStages(course, course.stages, 'starter')
    const problems = course.stages.flatMap((stage) => {
      const tests = resultsOf(course, run, stage).flatMap((file) => file.tests)
      return [...tests.flatMap((test) => wrongTest(stage, test)), ...thinTasks(stage, tests)]
    })
    return [...brokenFiles(course, run), ...problems, ...(await greenRuns(course))]
  },
}

function wrongTest({ number }: Stage, test: TestResult): Problem[] {
  const where = `${number} ${test.name}`
  if (test.group.startsWith('Given: '))
    return test.state === 'passed' ? [] : [redGiven(where, test)]
  if (!/^Task \d+: /.test(test.group)) return [{ where, ...homeless }]
  if (test.state === 'passed') return [{ where, ...greenTask }]
  return test.error?.name === 'TodoError' ? [] : [strangeFailure(where, test)]
}

const homeless = {
  what: 'stands in no task',
  fix: "Put it into describe('Task n: …'), or into describe('Given: …') when it tests given code.",
}

const greenTask = {
  what: 'passes on the untouched starter, so it proves nothing',
  fix: 'Assert the error it expects by class and message, and never inside a loop that may be empty.',
}

function redGiven(where: string, test: TestResult): Problem {
  return { where, what: lineOf(test), fix: 'Given code must work on the untouched starter.' }
}

function strangeFailure(where: string, test: TestResult): Problem {
  const fix = 'The first thing that fails must be todo(…) in the learner’s own file.'
  return { where, what: `fails with ${lineOf(test)}, not with TodoError`, fix }
}

function thinTasks({ folder, tasks }: Stage, tests: readonly TestResult[]): Problem[] {
  const counts = tasks.map(({ id, title }) => {
    const group = `Task ${id}: ${title}`
    return {
      where: `${folder} ${group}`,
      count: tests.filter((test) => test.group === group).length,
    }
  })
  return counts
    .filter(({ count }) => count < 2)
    .map(({ where, count }) => ({
      where,
      what: `has ${count} test(s)`,
      fix: 'Write at least two: the plain case and an edge.',
    }))
}

/** In a copy: the command also notes progress, and an author's is not a learner's. */
async function greenRuns(course: Course): Promise<Problem[]> {
  const folders = course.stages.map(({ folder }) => folder)
  const { root, remove } = copyCourse(course.root, folders)
  const problems: Problem[] = []
  for (const { number } of course.stages) {
    const { status, output } = await runScript(root, `npm test -- ${number}`)
    if (status !== 1) problems.push(wrongExit(number, status, output))
  }
  remove()
  return problems
}

function wrongExit(number: string, status: number | null, output: string): Problem {
  const what = `exits with ${status} on the untouched starter:\n${output.trim().slice(-800)}`
  return {
    where: `npm test -- ${number}`,
    what,
    fix: 'It must exit with 1: red, and no wrong use.',
  }
}
