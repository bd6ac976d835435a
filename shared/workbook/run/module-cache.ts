import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'

/**
 * Here vitest keeps what it has translated: TypeScript without its types. To translate everything anew takes a third of a run.
 * A file is found again by its content, so what has changed is translated.
 */
export const moduleCache = join(root, '.workbook', 'modules')

/**
 * Nothing in it is ever too old to be right, but every version of every file stays. So from time to time it begins anew.
 * The folder itself stays: another run, in another terminal, may be writing to it.
 */
export function trimModuleCache(most = 3000): void {
  const files = existsSync(moduleCache) ? readdirSync(moduleCache) : []
  if (files.length <= most) return
  for (const file of files) rmSync(join(moduleCache, file), { recursive: true, force: true })
}
