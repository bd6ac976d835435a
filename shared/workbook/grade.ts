import { existsSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, relative, resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { asCsv, asJson, asTable } from './grade/output.ts'
import { type Grade, gradeStage, type Measure, measure } from './grade/stage.ts'
import { isWritten, selectWritten } from './select.ts'
import { type Stage, stages } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run grade -- DIR…            tests the starters in these checkouts with the tests of this one

  --stages 01,02                 only these
  --timeout SECONDS              for one stage of one learner (60)
  --jobs N                       so many at once (one for each processor)
  --csv [FILE.csv]               one row for each learner; without a file instead of the table
  --json [FILE.json]             everything, test by test; likewise

It runs the learners' code with your rights. Grade people you trust, or do it in a container.`

const options = {
  stages: { type: 'string' },
  timeout: { type: 'string', default: '60' },
  jobs: { type: 'string', default: String(availableParallelism()) },
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
  const seconds = positive('--timeout', values.timeout)
  const jobs = positive('--jobs', values.jobs)
  const measures = await measureAll(chosenStages(values.stages), seconds)
  const learners = await gradeAll(directories, measures, seconds, jobs)
  deliver(learners, measures, values)
  return 0
}

/** `--csv` and `--json` may stand alone; then they mean the standard output. */
function withDefaultFiles(argv: readonly string[]): string[] {
  return argv.map((argument, index) => {
    const kind = argument.match(/^--(csv|json)$/)?.[1]
    const hasFile = argv[index + 1]?.endsWith(`.${kind}`)
    return kind && !hasFile ? `${argument}=-` : argument
  })
}

function checkouts(directories: readonly string[]): string[] {
  if (directories.length === 0) throw new UsageError(usage)
  const paths = directories.map((directory) => resolve(whereCalled(), directory))
  if (paths.some((path) => existsSync(path))) return paths
  throw new UsageError(`There is no such folder: ${paths.join(', ')}`)
}

/** npm runs its scripts at the root of the course and says where it was called. */
function whereCalled() {
  return process.env.INIT_CWD ?? process.cwd()
}

function chosenStages(names: string | undefined): Stage[] {
  if (names === undefined) return stages.filter(isWritten)
  return names.split(',').map((name) => selectWritten(name.trim()).stage)
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (number > 0) return number
  throw new UsageError(`${option} needs a number above zero, not "${text}".`)
}

async function measureAll(chosen: readonly Stage[], seconds: number): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const stage of chosen) measures.push(await measure(stage, seconds))
  return measures
}

/** Learner by learner, stage by stage, `jobs` at a time; none of them can harm the others. */
async function gradeAll(
  directories: readonly string[],
  measures: readonly Measure[],
  seconds: number,
  jobs: number,
): Promise<Learner[]> {
  const work = directories.flatMap((directory) =>
    measures.map((one) => ({ directory, measure: one })),
  )
  const grades = await inParallel(work, jobs, (one) =>
    gradeStage(one.directory, one.measure, seconds),
  )
  return namesOf(directories).map((name, index) => ({
    name,
    directory: directories[index] as string,
    grades: grades.slice(index * measures.length, (index + 1) * measures.length),
  }))
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  jobs: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await run(item)
  }
  await Promise.all(Array.from({ length: jobs }, worker))
  return results
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
  measures: readonly Measure[],
  { csv, json }: { csv?: string | undefined; json?: string | undefined },
) {
  const outputs = [
    { file: csv, text: () => asCsv(learners, measures) },
    { file: json, text: () => asJson(learners, measures) },
  ]
  for (const { file, text } of outputs) {
    if (file === '-') say(text())
    else if (file !== undefined) writeFileSync(resolve(whereCalled(), file), `${text()}\n`)
  }
  if (csv !== '-' && json !== '-') say(asTable(learners, measures))
}

function say(text: string): number {
  console.log(text)
  return 0
}
