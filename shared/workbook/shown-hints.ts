import { taskNumber } from './link.ts'
import type { Stage, Task } from './stages.ts'
import { readState, writeState } from './state.ts'

/** How many hints were shown, by task: `{ "04.2": 1 }`. */
type Shown = Readonly<Record<string, number>>

const read = () => readState<Shown>('hints.json') ?? {}

/** How many hints of a task the learner has seen. */
export const shownHints = (stage: Stage, task: Task): number => read()[taskNumber(stage, task)] ?? 0

export function rememberHints(stage: Stage, task: Task, count: number): void {
  writeState('hints.json', { ...read(), [taskNumber(stage, task)]: count })
}

/** The hints of these tasks begin again with the first. */
export function forgetHints(stage: Stage, tasks: readonly Task[]): void {
  const gone = tasks.map((task) => taskNumber(stage, task))
  const kept = Object.entries(read()).filter(([name]) => !gone.includes(name))
  writeState('hints.json', Object.fromEntries(kept))
}
