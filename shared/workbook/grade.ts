import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { copyCourse } from './check/sandbox.ts'
import { inParallel, megabytesOfARun, usualJobs } from './grade/means.ts'
import { asCsv, asJson, asTable } from './grade/output.ts'
import { type ProgressLine, progressLine } from './grade/progress-line.ts'
import {
  type Grade,
  gradeStage,
  isUntouched,
  type Limits,
  type Measure,
  measure,
} from './grade/stage.ts'
import { root } from './root.ts'
import { isWritten, selectWritten } from './select.ts'
import { type Stage, stages } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run grade -- DIR…            tests the starters in these checkouts with the tests of this one;
                               a folder full of checkouts stands for all of them

  --stages 01,02                 only these; without it, those that somebody has begun
  --timeout SECONDS              for one stage of one learner (120)
  --memory MB                    for the tests of one stage (1024)
  --jobs N                       so many at once (one for each processor, ${megabytesOfARun} MB of free memory for each)
  --csv [FILE.csv]               one row for each learner; without a file instead of the table
  --json [FILE.json]             everything, test by test; likewise

A stage that a learner has begun takes about five seconds of one processor; one that is untouched takes none.
It runs the learners' code with your rights. Grade people you trust, or do it in a container.`

const options = {
  stages: { type: 'string' },
  timeout: { type: 'string', default: '120' },
  memory: { type: 'string', default: '1024' },
  jobs: { type: 'string' },
  csv: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** One checkout and what came out, in the order of the stages. */
export interface Learner {
  readonly name: string
  readonly directory: string
  readonly grades: readonly Grade[]
}

export const main = (argv: string[]): Promise<number> => withUsage(() => grade(argv))

async function grade(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(withDefaultFiles(argv), options, usage)
  if (values.help) return say(usage)
  const directories = checkouts(positionals)
  const limits = {
    seconds: positive('--timeout', values.timeout),
    megabytes: positive('--memory', values.memory),
  }
  const jobs = values.jobs === undefined ? usualJobs() : positive('--jobs', values.jobs)
  const chosen = chosenStages(values.stages, directories)
  const learners = await gradeFrozen(chosen, directories, limits, jobs)
  deliver(learners, chosen, values)
  return 0
}

/** All by one copy of the course: somebody may edit or update it in the half hour that thirty learners take. */
async function gradeFrozen(
  chosen: readonly Stage[],
  directories: readonly string[],
  limits: Limits,
  jobs: number,
): Promise<Learner[]> {
  const course = copyCourse(
    root,
    chosen.map(({ folder }) => folder),
  )
  const progress = progressLine(chosen.length * (1 + directories.length))
  try {
    const measures = await inParallel(chosen, jobs, async (stage) => {
      const result = await measure(course.root, stage, limits)
      progress.step(`the solution of ${stage.folder}`)
      return result
    })
    return await gradeAll(directories, measures, limits, jobs, progress)
  } finally {
    progress.end()
    course.remove()
  }
}

/** `--csv` and `--json` may stand alone; then they mean the standard output. */
function withDefaultFiles(argv: readonly string[]): string[] {
  return argv.map((argument, index) => {
    const kind = argument.match(/^--(csv|json)$/)?.[1]
    const hasFile = argv[index + 1]?.endsWith(`.${kind}`)
    return kind && !hasFile ? `${argument}=-` : argument
  })
}

/** A folder that was named twice, also by another way to it, is graded once. */
function checkouts(directories: readonly string[]): string[] {
  if (directories.length === 0) throw new UsageError(usage)
  const paths = directories.flatMap((directory) => checkoutsIn(resolve(whereCalled(), directory)))
  const byPlace = new Map<string, string>()
  for (const path of paths) {
    const place = existsSync(path) ? realpathSync(path) : path
    if (!byPlace.has(place)) byPlace.set(place, path)
  }
  const unique = [...byPlace.values()]
  if (unique.some((path) => existsSync(path))) return unique
  throw new UsageError(`There is no such folder: ${paths.join(', ')}`)
}

/** A folder full of checkouts stands for all of them: not every shell knows what `students/*` means. */
function checkoutsIn(directory: string): string[] {
  if (!existsSync(directory) || isCheckout(directory)) return [directory]
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(?:\.|__)/.test(entry.name))
    .map(({ name }) => join(directory, name))
  return folders.some(isCheckout) ? folders.sort() : [directory]
}

const isCheckout = (directory: string) =>
  stages.some(({ folder }) => existsSync(join(directory, folder)))

/** npm runs its scripts at the root of the course and says where it was called. */
function whereCalled() {
  return process.env.INIT_CWD ?? process.cwd()
}

/** Nobody has to wait for a stage that no learner has begun; when none has been, the first stage shows it. */
function chosenStages(names: string | undefined, directories: readonly string[]): Stage[] {
  if (names !== undefined)
    return [...new Set(names.split(',').map((name) => selectWritten(name.trim()).stage))]
  const written = stages.filter(isWritten)
  const begun = written.filter((stage) =>
    directories.some((directory) => !isUntouched(directory, stage)),
  )
  return begun.length > 0 ? begun : written.slice(0, 1)
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (number > 0) return number
  throw new UsageError(`${option} needs a number above zero, not "${text}".`)
}

/** Learner by learner, stage by stage, `jobs` at a time; none of them can harm the others. */
async function gradeAll(
  directories: readonly string[],
  measures: readonly Measure[],
  limits: Limits,
  jobs: number,
  progress: ProgressLine,
): Promise<Learner[]> {
  const names = namesOf(directories)
  const work = directories.flatMap((directory, at) =>
    measures.map((one) => ({ directory, measure: one, name: names[at] as string })),
  )
  const grades = await inParallel(work, jobs, async (one) => {
    const result = await gradeStage(one.directory, one.measure, limits)
    progress.step(`${one.name} ${one.measure.stage.number}`)
    return result
  })
  return names.map((name, index) => ({
    name,
    directory: directories[index] as string,
    grades: grades.slice(index * measures.length, (index + 1) * measures.length),
  }))
}

/** The folder's name; its path where two checkouts are called the same. */
function namesOf(directories: readonly string[]): string[] {
  const names = directories.map((directory) => basename(directory))
  return names.map((name, index) => {
    const unique = names.indexOf(name) === names.lastIndexOf(name)
    return unique ? name : relative(whereCalled(), directories[index] as string) || name
  })
}

function deliver(
  learners: readonly Learner[],
  graded: readonly Stage[],
  { csv, json }: { csv?: string | undefined; json?: string | undefined },
) {
  const outputs = [
    { file: csv, text: () => asCsv(learners, graded) },
    { file: json, text: () => `${asJson(learners, graded)}\n` },
  ]
  for (const { file, text } of outputs) {
    if (file === '-') process.stdout.write(text())
    else if (file !== undefined) writeFileSync(resolve(whereCalled(), file), text())
  }
  if (csv !== '-' && json !== '-') say(asTable(learners, graded, process.stdout.columns))
}

function say(text: string): number {
  console.log(text)
  return 0
}
