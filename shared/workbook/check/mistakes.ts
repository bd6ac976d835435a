import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Mistake } from '../mistakes.ts'
import type { Stage } from '../stages.ts'
import { type Check, type Course, filesIn, loadMistakes, type Problem, textOf } from './course.ts'
import { type FileResult, runTests } from './run-tests.ts'
import { copyCourse, type Sandbox } from './sandbox.ts'
import { readSource, stringArguments } from './source.ts'
import { testFiles } from './tests.ts'

/** `seconds`: what the file of a test may take. A slow machine must not look like an endless loop. */
export function mistakesWithin(seconds: number): Check {
  return {
    name: 'mistakes',
    promise: 'every known mistake turns the test red that is meant to catch it',
    async find(course) {
      const problems: Problem[] = []
      for (const stage of course.stages) {
        problems.push(...(await problemsOf(course, stage, seconds)))
      }
      return problems
    },
  }
}

export const mistakes = mistakesWithin(60)

async function problemsOf(course: Course, stage: Stage, seconds: number): Promise<Problem[]> {
  const all = await loadMistakes(course, stage)
  const wrong = [
    ...tooFew(stage, all),
    ...all.flatMap((one) => illWritten(course, stage, one, all)),
  ]
  const applicable = all.filter((mistake) => applies(course, stage, mistake))
  return [...wrong, ...(await survivors(course, stage, applicable, seconds))]
}

function tooFew({ folder }: Stage, all: readonly Mistake[]): Problem[] {
  if (all.length >= 6) return []
  const where = `${folder}/mistakes.ts`
  return [
    {
      where,
      what: `holds ${all.length} mistakes`,
      fix: 'Collect at least six that learners really make.',
    },
  ]
}

function illWritten(
  course: Course,
  stage: Stage,
  mistake: Mistake,
  all: readonly Mistake[],
): Problem[] {
  const where = placeOf(stage, mistake)
  const problems: Problem[] = []
  const add = (what: string, fix: string) => problems.push({ where, what, fix })
  const times = occurrences(course, stage, mistake)
  if (times !== 1)
    add(`"find" occurs ${times} times in solution/${mistake.file}`, 'It must occur exactly once.')
  if (mistake.find === mistake.replace) add('changes nothing', 'Make "replace" differ from "find".')
  if (!testFileOf(course, stage, mistake)) add(...noSuchTest(mistake))
  if (mistake.why.length < 80)
    add('"why" is too short to help', 'Write a paragraph for the learner.')
  if (all.find(({ name }) => name === mistake.name) !== mistake)
    add('has a name twice', 'Rename one.')
  return problems
}

function noSuchTest({ caughtBy }: Mistake): [string, string] {
  return [
    `no test file holds "${caughtBy}"`,
    'Write the full name: Task 3: insert a row › leaves out …',
  ]
}

function applies(course: Course, stage: Stage, mistake: Mistake) {
  return (
    occurrences(course, stage, mistake) === 1 && testFileOf(course, stage, mistake) !== undefined
  )
}

function occurrences(course: Course, { folder }: Stage, { file, find }: Mistake) {
  return textOf(course, folder, 'solution', file).split(find).length - 1
}

/** The test file with the describe that `caughtBy` begins with. */
function testFileOf(course: Course, stage: Stage, { caughtBy }: Mistake): string | undefined {
  const [group] = caughtBy.split(' › ')
  return testFiles(course, stage).find((file) => {
    const source = readSource(textOf(course, stage.folder, file))
    return stringArguments(source, 'describe').some(({ text }) => text === group)
  })
}

/**
 * Each mistake gets a copy of the stage, `04-relations@its-name`, whose own tests point to it,
 * so that one run of vitest tries them all.
 */
async function survivors(
  course: Course,
  stage: Stage,
  all: readonly Mistake[],
  seconds: number,
): Promise<Problem[]> {
  if (all.length === 0) return []
  const sandbox = copyCourse(course.root, [])
  const files = all.map((mistake) => makeVariant(course, sandbox, stage, mistake))
  const run = await runTests(sandbox.root, 'solution', files, {
    seconds,
    isolate: mayHarmOthers(stage),
    keep: false,
    only: all.map(({ caughtBy }) => caughtBy),
  })
  sandbox.remove()
  return run.files.flatMap((file, at) => verdict(stage, all[at] as Mistake, file, seconds))
}

/**
 * A process for each file, where a wild pointer (01) or a promise that nobody awaited (from 08 on, where there are servers)
 * might spoil the file after it. Elsewhere they share one: to start it takes a third of the time.
 */
const mayHarmOthers = ({ number }: Stage) => number === '01' || number >= '08'

function makeVariant(course: Course, sandbox: Sandbox, stage: Stage, mistake: Mistake): string {
  const { folder } = stage
  const variant = `${folder}@${mistake.name}`
  // All but the starter: the solution may read files beside it, such as migrations.
  const filter = (path: string) => basename(path) !== 'starter'
  cpSync(join(course.root, folder), join(sandbox.root, variant), { recursive: true, filter })
  const edited = join(sandbox.root, variant, 'solution', mistake.file)
  replaceIn(edited, mistake.find, mistake.replace)
  const tests = join(sandbox.root, variant, 'tests')
  for (const file of filesIn(tests)) {
    replaceIn(join(tests, file), `#stage/${folder}`, `#stage/${variant}`)
  }
  return join(sandbox.root, variant, testFileOf(course, stage, mistake) ?? '')
}

function replaceIn(file: string, find: string, replace: string) {
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll(find, () => replace),
  )
}

function verdict(
  stage: Stage,
  mistake: Mistake,
  { state, errors, tests }: FileResult,
  seconds: number,
): Problem[] {
  const where = placeOf(stage, mistake)
  if (state === 'hung') return [{ where, ...hangs(seconds) }]
  const test = tests.find(({ name }) => name === mistake.caughtBy)
  if (state === 'crashed') return [{ where, ...crash }]
  if (errors.length > 0 || tests.length === 0) return [{ where, ...broken(errors) }]
  if (!test)
    return [
      {
        where,
        ...unknownTest(
          mistake,
          tests.map(({ name }) => name),
        ),
      },
    ]
  return test.state === 'failed' ? [] : [{ where, ...survives(mistake) }]
}

function hangs(seconds: number) {
  return {
    what: `its test file is still running after ${seconds} seconds`,
    fix: 'A learner would wait and see no test at all: let the test fail, or choose another mistake.',
  }
}

const crash = {
  what: 'crashes the process of the tests',
  fix: 'A learner would see no test at all: choose a mistake that a test can report.',
}

function broken(errors: readonly string[]) {
  const what = `the test file does not even load: ${errors[0] ?? 'it holds no test'}`
  return { what, fix: 'A mistake is wrong behaviour, not wrong syntax, types or imports.' }
}

function unknownTest({ caughtBy }: Mistake, names: readonly string[]) {
  return { what: `there is no test "${caughtBy}"`, fix: `Its file has:\n${names.join('\n')}` }
}

function survives({ caughtBy }: Mistake) {
  return {
    what: `"${caughtBy}" stays green`,
    fix: 'Sharpen that test, or name the one that catches it.',
  }
}

function placeOf({ folder }: Stage, { name }: Mistake) {
  return `${folder}/mistakes.ts ${name}`
}
