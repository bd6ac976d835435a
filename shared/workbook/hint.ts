import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readArguments } from './arguments.ts'
import { heading, taskLink, taskNumber } from './link.ts'
import { firstOpenTask, readProgress } from './progress.ts'
import { indent, wrap } from './report/layout.ts'
import { isWritten, selectWritten } from './select.ts'
import { forgetHints, rememberHints, shownHints } from './shown-hints.ts'
import { type Stage, stages, type Task } from './stages.ts'
import { UsageError, withUsage } from './usage.ts'

const usage = `npm run hint -- 04.2     the next hint of a task, from a nudge to nearly the answer
npm run hint             of the first red task of your last run

  --all                  all hints of the task at once
  --reset                begin again with the first`

const options = {
  all: { type: 'boolean', default: false },
  reset: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Gives one more hint each time it is asked. */
export const main = (argv: string[]): Promise<number> => withUsage(() => hint(argv))

async function hint(argv: string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, options, usage)
  if (values.help) return say([usage])
  if (positionals.length > 1) throw new UsageError(`One task at a time, please.\n\n${usage}`)
  const { stage, task } = chooseTask(positionals[0])
  if (values.reset) return reset(stage, task)
  const hints = await hintsOf(stage, task)
  return values.all ? showAll(stage, task, hints) : showNext(stage, task, hints)
}

function chooseTask(text: string | undefined): { stage: Stage; task: Task } {
  const progress = readProgress()
  const { stage, task } = selectWritten(text ?? progress.last ?? firstStage())
  const chosen = task ?? firstOpenTask(stage, progress)
  if (chosen) return { stage, task: chosen }
  const tasks = stage.tasks.map(
    (one) => `  npm run hint -- ${taskNumber(stage, one)}  ${one.title}`,
  )
  throw new UsageError([`Stage ${stage.number} is green. Of which task?`, '', ...tasks].join('\n'))
}

function firstStage(): string {
  const stage = stages.find(isWritten)
  if (!stage) throw new UsageError('No stage is written yet.')
  return stage.number
}

async function hintsOf(stage: Stage, task: Task): Promise<readonly string[]> {
  const file = join(import.meta.dirname, 'hints', `${stage.number}.ts`)
  const { hints = {} } = existsSync(file) ? await import(pathToFileURL(file).href) : {}
  const own: readonly string[] = hints[task.id] ?? []
  if (own.length > 0) return own
  throw new UsageError(`${taskNumber(stage, task)} has no hints. Read ${taskLink(stage, task)}`)
}

function showNext(stage: Stage, task: Task, hints: readonly string[]): number {
  const next = Math.min(shownHints(stage, task), hints.length - 1)
  rememberHints(stage, task, next + 1)
  return say([
    title(stage, task),
    '',
    ...hintText(hints, next),
    '',
    ...whatElse(stage, next, hints),
  ])
}

function showAll(stage: Stage, task: Task, hints: readonly string[]): number {
  const texts = hints.flatMap((_, i) => ['', ...hintText(hints, i)])
  return say([title(stage, task), ...texts, '', ...whatElse(stage, hints.length - 1, hints)])
}

function reset(stage: Stage, task: Task): number {
  forgetHints(stage, [task])
  return say([`The hints of ${taskNumber(stage, task)} begin again with the first.`])
}

const title = (stage: Stage, task: Task) => `${stage.folder} · ${heading(task)}`

function hintText(hints: readonly string[], at: number): string[] {
  const text = (hints[at] ?? '').trim().split('\n')
  const lines = text.flatMap((line) => (isCode(line) ? [line] : wrap(line, 90)))
  return [`hint ${at + 1} of ${hints.length}`, ...indent(lines)]
}

/** Lines of code keep their shape. */
const isCode = (line: string) => /^\s/.test(line)

function whatElse(stage: Stage, at: number, hints: readonly string[]): string[] {
  if (at < hints.length - 1) return ['The same command gives the next one.']
  return [
    'That was the last hint.',
    `npm run diff -- ${stage.number} --mine shows the way from your code to the solution.`,
  ]
}

function say(lines: readonly string[]): number {
  console.log(lines.join('\n'))
  return 0
}
