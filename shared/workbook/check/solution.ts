import type { Check } from './course.ts'
import { brokenFiles, lineOf, resultsOf, runStages } from './tests.ts'

export const solution: Check = {
  name: 'solution',
  promise: 'every test is green on its solution',
  async find(course) {
    const run = await runStages(course, course.stages, 'solution')
    const red = course.stages.flatMap((stage) => {
      const tests = resultsOf(course, run, stage).flatMap((file) => file.tests)
      if (tests.length === 0) return [noTests(stage.folder)]
      return tests
        .filter(({ state }) => state !== 'passed')
        .map((test) => redTest(stage.number, test.name, lineOf(test)))
    })
    return [...brokenFiles(course, run), ...red]
  },
}

function noTests(folder: string) {
  return {
    where: `${folder}/tests`,
    what: 'no test ran',
    fix: 'Write tests/1-….test.ts, one file per task.',
  }
}

function redTest(number: string, where: string, what: string) {
  return { where: `${number} ${where}`, what, fix: `See it with npm test -- ${number} --solution.` }
}
