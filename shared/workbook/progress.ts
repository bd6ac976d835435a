import { taskResults } from './report/tasks.ts'
import type { Run } from './run/outcome.ts'
import type { Stage, Task } from './stages.ts'
import { readState, writeState } from './state.ts'

/** How far the last run of each task came. */
export interface TaskProgress {
  readonly passed: number
  readonly total: number
}

export interface Progress {
  /** The number of the stage that was run last. */
  readonly last?: string
  /** By stage number and task id. */
  readonly stages: Readonly<Record<string, Readonly<Record<string, TaskProgress>>>>
}

/** What the last runs of the learner's code have shown; empty before the first. */
export function readProgress(): Progress {
  const progress = readState<Progress>('progress.json')
  return progress?.stages ? progress : { stages: {} }
}

/** Keeps a run of the learner's code for the course map and the hints. Tasks that it did not run stay as they are. */
export function saveProgress(run: Run): void {
  if (run.side !== 'starter' || run.stopped) return
  const { stages } = readProgress()
  const tasks = taskResults(run).flatMap(({ id, passed, tests }) =>
    id === undefined ? [] : [[id, { passed, total: tests.length }]],
  )
  const { number } = run.stage
  const stage = { ...stages[number], ...Object.fromEntries(tasks) }
  writeState('progress.json', { last: number, stages: { ...stages, [number]: stage } })
}

/** Forgets the runs of a stage, or only of these tasks. */
export function forgetProgress({ number }: Stage, tasks: readonly Task[]): void {
  const progress = readProgress()
  const gone = tasks.map(({ id }) => String(id))
  const kept = Object.entries(progress.stages[number] ?? {}).filter(([id]) => !gone.includes(id))
  const { [number]: _forgotten, ...others } = progress.stages
  const stages = kept.length ? { ...others, [number]: Object.fromEntries(kept) } : others
  writeState('progress.json', { ...progress, stages })
}

/** The first task of a stage that was not green when it was last run. */
export function firstOpenTask(stage: Stage, progress: Progress): Task | undefined {
  return stage.tasks.find((task) => !isGreenTask(stage, task, progress))
}

/** Whether all tests of a task passed in its last run. */
export function isGreenTask(stage: Stage, task: Task, progress: Progress): boolean {
  const { passed = 0, total = 0 } = progress.stages[stage.number]?.[task.id] ?? {}
  return total > 0 && passed === total
}
