import { readArguments } from './arguments.ts'
import { copies } from './check/copies.ts'
import { type Check, type Course, openCourse, type Problem } from './check/course.ts'
import { independence } from './check/independence.ts'
import { lint } from './check/lint.ts'
import { mistakes } from './check/mistakes.ts'
import { noSkips } from './check/no-skips.ts'
import { numbering } from './check/numbering.ts'
import { pristine } from './check/pristine.ts'
import { prose } from './check/prose.ts'
import { recording } from './check/recording.ts'
import { selfContained } from './check/self-contained.ts'
import { solution } from './check/solution.ts'
import { story } from './check/story.ts'
import { types } from './check/types.ts'
import { unsolved } from './check/unsolved.ts'
import { paint } from './paint.ts'
import { writePack } from './pristine.ts'
import { root } from './root.ts'
import { selectWritten } from './select.ts'
import { UsageError, withUsage } from './usage.ts'

/** Quick ones first: an author who watches sees the cheap mistakes at once. */
export const checks: readonly Check[] = [
  numbering,
  copies,
  pristine,
  noSkips,
  types,
  lint,
  solution,
  unsolved,
  mistakes,
  prose,
  story,
  recording,
  selfContained,
  independence,
]

const usage = `npm run check                    everything, for all stages that are written
npm run check -- 02              for one stage (or several)
npm run check -- --only copies,prose
npm run check -- --update-pristine   packs the starters as they are now, for diff and reset

Checks: ${checks.map(({ name }) => name).join(', ')}`

export const main = (argv: string[]): Promise<number> => withUsage(() => check(argv))

async function check(argv: string[]): Promise<number> {
  const options = { only: { type: 'string' }, 'update-pristine': { type: 'boolean' } } as const
  const { values, positionals } = readArguments(argv, options, usage)
  const chosen = chooseChecks(values.only)
  const numbers = positionals.map((text) => selectWritten(text).stage.number)
  const course = await openCourse(root, numbers)
  if (course.written.length === 0)
    throw new UsageError('No stage is written: there is nothing to prove.')
  if (values['update-pristine']) return updatePacks(course)
  const failed = await runChecks(course, chosen)
  console.log(`\n${chosen.length - failed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function chooseChecks(only: string | undefined): readonly Check[] {
  if (only === undefined) return checks
  const names = only.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !checks.some((one) => one.name === name))
  if (unknown.length > 0)
    throw new UsageError(`There is no check "${unknown.join(', ')}".\n\n${usage}`)
  return checks.filter(({ name }) => names.includes(name))
}

/** Runs them all, whatever fails, and gives the number of those that did. */
async function runChecks(course: Course, chosen: readonly Check[]): Promise<number> {
  let failed = 0
  for (const one of chosen) {
    const begun = performance.now()
    const problems = await problemsOf(course, one)
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    if (problems.length > 0) failed += 1
    console.log(`${headline(one, problems.length === 0)}  ${paint('dim', `${seconds} s`)}`)
    if (problems.length > 0) console.log(paragraphs(problems))
  }
  return failed
}

/** A check that breaks down has not passed. */
async function problemsOf(course: Course, one: Check): Promise<readonly Problem[]> {
  try {
    return await one.find(course)
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [
      { where: `the check "${one.name}" itself`, what, fix: 'Mend the cause; nothing was proved.' },
    ]
  }
}

function headline({ name, promise }: Check, passed: boolean) {
  return `${passed ? paint('green', '✓') : paint('red', '✗')} ${name.padEnd(15)} ${promise}`
}

/** What several problems in a row have to be done about is said once, below the last of them. */
function paragraphs(problems: readonly Problem[]) {
  const lines = problems.flatMap(({ where, what, fix }, index) => {
    const advice = problems[index + 1]?.fix === fix ? [] : indented(`→ ${fix}`)
    return [paint('bold', where), ...indented(what), ...advice]
  })
  return lines.map((line) => `    ${line}`).join('\n')
}

function indented(text: string) {
  return text.split('\n').map((line) => `  ${line}`)
}

function updatePacks({ root: folder, stages }: Course): number {
  for (const stage of stages) {
    const changed = writePack(folder, stage)
    console.log(`${stage.folder}: ${changed ? 'packed anew' : 'nothing to do'}`)
  }
  return 0
}
