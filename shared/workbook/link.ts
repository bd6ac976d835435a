import { relative, sep } from 'node:path'
import { root } from './root.ts'
import type { Stage, Task } from './stages.ts'

/** Where a task is explained: `02-active-record/README.md#task-2-hydrate-a-row`. */
export function taskLink(stage: Stage, task: Task): string {
  return `${stage.folder}/README.md#${slug(heading(task))}`
}

/** The file in which a task is solved: `02-active-record/starter/record/hydrate.ts`. */
export const taskFile = (stage: Stage, task: Task): string => `${stage.folder}/starter/${task.file}`

/** As in the README, the tests and the TODO: `Task 2: hydrate a row`. */
export const heading = (task: Task): string => `Task ${task.id}: ${task.title}`

/** As it is typed: `02.3`. */
export const taskNumber = (stage: Stage, task: Task): string => `${stage.number}.${task.id}`

/** The anchor that GitHub gives to a heading. */
export function slug(text: string): string {
  const kept = text.toLowerCase().replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
  return kept.trim().replaceAll(' ', '-')
}

/** A path as it is shown: from the course's root, with slashes on every system. */
export function shownPath(file: string): string {
  const path = relative(root, file)
  return path.startsWith('..') ? file : path.split(sep).join('/')
}
