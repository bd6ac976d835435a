import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import type { Mistake } from './mistakes.ts'
import { paint } from './paint.ts'
import { saveProgress } from './progress.ts'
import { jsonReport } from './report/json.ts'
import { junitReport } from './report/junit.ts'
import { knownMistakes } from './report/known.ts'
import { report } from './report/run.ts'
import { isGreen, type Run } from './run/outcome.ts'
import { openRunner } from './run/runner.ts'
import { type Selection, selectWritten } from './select.ts'
import { needSolution } from './solution.ts'
import { testWorkbook } from './suite.ts'
import { UsageError, withUsage } from './usage.ts'
import { watch } from './watch.ts'

const usage = `npm test                      the workbook's own tests: all solutions and shared/
npm test -- 04                your stage 04; also 4, relations, 04-relations, rel
npm test -- 04.2              one task

  --solution                  the solution instead of your code
  --watch                     again after every save; q quits
  --verbose                   every test and every failure
  --json FILE, --junit FILE   a report for machines`

const options = {
  solution: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  json: { type: 'string' },
  junit: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

interface Settings {
  readonly solution: boolean
  readonly watch: boolean
  readonly verbose: boolean
  readonly json?: string | undefined
  readonly junit?: string | undefined
}

/** Tests one stage or task of the learner, or, without arguments, the workbook itself. */
export const main = (argv: string[]): Promise<number> => withUsage(() => test(argv))

async function test(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  if (values.help) return say(usage)
  const [name, ...rest] = positionals
  if (rest.length > 0) throw new UsageError(`One stage at a time, please.\n\n${usage}`)
  if (name === undefined) return testWhole(values)
  const selection = selectWritten(name)
  if (values.solution) needSolution(selection.stage)
  return values.watch ? watchStage(selection, values) : testOnce(selection, values)
}

async function testWhole(settings: Settings): Promise<number> {
  const { watch, json, junit } = settings
  if (watch || json !== undefined || junit !== undefined) {
    throw new UsageError(`--watch, --json and --junit need a stage.\n\n${usage}`)
  }
  return testWorkbook(settings.verbose, paint)
}

async function testOnce(selection: Selection, settings: Settings): Promise<number> {
  const { runner, deliver } = await prepare(selection, settings)
  const run = await runner.run().finally(() => runner.close())
  deliver(run)
  return isGreen(run) ? 0 : 1
}

async function watchStage(selection: Selection, settings: Settings): Promise<number> {
  const { runner, deliver } = await prepare(selection, settings)
  await watch(selection.stage, runner, deliver)
  return 0
}

async function prepare(selection: Selection, settings: Settings) {
  const mistakes = settings.solution ? [] : await knownMistakes(selection.stage)
  const runner = await openRunner(selection, settings.solution ? 'solution' : 'starter')
  return { runner, deliver: (run: Run) => deliver(run, mistakes, settings) }
}

function deliver(run: Run, mistakes: readonly Mistake[], settings: Settings): void {
  const { verbose, json, junit } = settings
  saveProgress(run)
  if (json !== undefined) write(json, `${JSON.stringify(jsonReport(run), null, 2)}\n`)
  if (junit !== undefined) write(junit, junitReport(run))
  say(`\n${report(run, { mistakes, verbose, paint })}\n`)
}

/** Relative to where npm was called, as every path on a command line. */
function write(file: string, text: string): void {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file)
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`The report could not be written: ${(error as Error).message}`)
  }
}

function say(text: string): number {
  console.log(text)
  return 0
}
