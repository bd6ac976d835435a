import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { taskResults } from './report/tasks.ts'
import { root } from './root.ts'
import type { Run } from './run/outcome.ts'
import type { Stage } from './stages.ts'

/** How far the last run of each task came. */
export interface TaskProgress {
  readonly passed: number
  readonly total: number
}

/** By stage number and task id. */
export type Progress = Record<string, Record<string, TaskProgress>>

const file = join(root, '.workbook', 'progress.json')

/** What the last runs of the learner's code have shown; empty before the first. */
export function readProgress(): Progress {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {} // no run yet, or a file that somebody has edited: nothing is lost but a picture
  }
}

/** Keeps a run of the learner's code for the course map and the hints. Tasks that it did not run stay as they are. */
export function saveProgress(run: Run): void {
  if (run.side !== 'starter') return
  const progress = readProgress()
  const tasks = taskResults(run).flatMap(({ id, passed, tests }) =>
    id === undefined ? [] : [[id, { passed, total: tests.length }]],
  )
  const { number } = run.stage
  write({ ...progress, [number]: { ...progress[number], ...Object.fromEntries(tasks) } })
}

/** The first task of a stage that was not green when it was last run. */
export function firstOpenTask(stage: Stage, progress = readProgress()) {
  return stage.tasks.find(({ id }) => !isGreenTask(progress[stage.number]?.[id]))
}

export const isGreenTask = (task: TaskProgress | undefined): boolean =>
  task !== undefined && task.total > 0 && task.passed === task.total

function write(progress: Progress): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(progress, null, 2)}\n`)
  } catch {
    // A folder that cannot be written costs the picture on the map, not the run; npm run doctor names it.
  }
}
