import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'
import { type Stage, stages, type Task } from './stages.ts'
import { UsageError } from './usage.ts'

/** A stage, and one of its tasks when only that is meant. */
export interface Selection {
  readonly stage: Stage
  readonly task?: Task
}

/**
 * Finds what `4`, `04`, `relations`, `04-relations`, `rel` or `04.2` means, in the manifest.
 *
 * @throws {UsageError} when no stage or task, or more than one stage, is called so
 */
export function select(text: string): Selection {
  const [, name = '', number] = /^(.*?)(?:\.(\d+))?$/.exec(text) ?? []
  const stage = selectStage(name)
  return number === undefined ? { stage } : { stage, task: taskOf(stage, Number(number)) }
}

/** Like `select`, for commands that need something to work on. @throws {UsageError} when the stage is not written yet */
export function selectWritten(text: string): Selection {
  const selection = select(text)
  if (isWritten(selection.stage)) return selection
  throw new UsageError(`${name(selection.stage)} is not written yet.\n\n${stageList()}`)
}

/** Whether the stage's folder and tasks are there. */
export function isWritten(stage: Stage): boolean {
  return stage.tasks.length > 0 && existsSync(join(root, stage.folder))
}

/** The test files of a stage or a task, in the order of the tasks. */
export function testFiles({ stage, task }: Selection): string[] {
  const folder = join(root, stage.folder, 'tests')
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  const wanted = files.filter((file) => file.endsWith('.test.ts') && isOf(file, task))
  return wanted.sort(inTaskOrder).map((file) => join(folder, file))
}

/** `2-hydrate.test.ts` before `10-query.test.ts`. */
export const inTaskOrder = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

export function stageList(): string {
  const lines = stages.map(
    (stage) =>
      `  ${stage.folder.padEnd(20)} ${isWritten(stage) ? stage.builds : 'not written yet'}`,
  )
  return ['The stages:', ...lines].join('\n')
}

function selectStage(name: string): Stage {
  const wanted = name.toLowerCase().replace(/[\\/]+$/, '')
  const exact = stages.find((stage) => namesOf(stage).includes(wanted))
  const similar = stages.filter((stage) => wanted && slugOf(stage).startsWith(wanted))
  const stage = exact ?? (similar.length === 1 ? similar[0] : undefined)
  if (!stage) throw new UsageError(notFound(name, similar))
  return stage
}

function taskOf(stage: Stage, id: number): Task {
  const task = stage.tasks.find((one) => one.id === id)
  if (task) return task
  const lines = stage.tasks.map((one) => `  ${stage.number}.${one.id}  ${one.title}`)
  const tasks = lines.length ? ['Its tasks:', ...lines].join('\n') : 'It is not written yet.'
  throw new UsageError(`${name(stage)} has no task ${id}.\n\n${tasks}`)
}

function notFound(text: string, similar: readonly Stage[]): string {
  if (/^\d+\./.test(text)) return 'A task is written 01.2: the stage, a dot, the task.'
  const reason = similar.length
    ? `"${text}" could be ${similar.map((stage) => stage.folder).join(' or ')}.`
    : `There is no stage "${text}".`
  return `${reason}\n\n${stageList()}`
}

const slugOf = (stage: Stage) => stage.folder.slice(3)

const namesOf = (stage: Stage) => [
  stage.number,
  String(Number(stage.number)),
  slugOf(stage),
  stage.folder,
]

const isOf = (file: string, task: Task | undefined) => !task || file.startsWith(`${task.id}-`)

const name = (stage: Stage) => `Stage ${stage.number} (${stage.title})`
