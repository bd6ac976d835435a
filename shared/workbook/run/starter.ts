import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPack } from '../pristine.ts'
import { root } from '../root.ts'
import type { Stage, Task } from '../stages.ts'
import type { Starter } from './outcome.ts'

/** Reads what the learner's files tell: which tasks are still open, and which files were given and not touched. */
export function readStarter(stage: Stage): Starter {
  const folder = join(root, stage.folder, 'starter')
  const pack = Object.entries(readPack(root, stage) ?? {})
  return {
    open: stage.tasks.filter((task) => isOpen(task, textOf(folder, task.file))).map(({ id }) => id),
    given: pack
      .filter(([file, text]) => !text.includes('TODO(') && textOf(folder, file) === text)
      .map(([file]) => join(folder, file)),
  }
}

/** A call that was commented out is no gap any more. */
function isOpen({ id }: Task, text: string): boolean {
  return new RegExp(`^(?!\\s*//).*\\btodo\\(\\s*['"\`]Task ${id}:`, 'm').test(text)
}

function textOf(folder: string, file: string): string {
  const path = join(folder, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
