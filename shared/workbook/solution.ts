import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'
import type { Stage } from './stages.ts'
import { UsageError } from './usage.ts'

/** @throws {UsageError} when this checkout lacks the solution of a stage */
export function needSolution({ folder }: Stage): void {
  if (existsSync(join(root, folder, 'solution', 'index.ts'))) return
  throw new UsageError(
    `There is no solution in ${folder}/solution: somebody removed it, or the checkout is not complete. ` +
      `Get it back with: git checkout -- ${folder}/solution`,
  )
}
