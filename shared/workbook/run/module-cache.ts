import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'

/**
 * Here vitest keeps what it has translated: TypeScript without its types. To translate everything anew takes a third of a run.
 * A file is found again by its content, so what has changed is translated.
 */
export const moduleCache = join(root, '.workbook', 'modules')

const day = 24 * 60 * 60 * 1000

/**
 * Nothing in it is ever too old to be right, but every version of every file stays. So from time to time what is old goes.
 * Younger files stay: another run, in another terminal, may be about to read them.
 */
export function trimModuleCache(): void {
  const files = existsSync(moduleCache) ? readdirSync(moduleCache) : []
  if (files.length < 5000) return
  for (const file of files.map((name) => join(moduleCache, name))) {
    const { mtimeMs = Date.now() } = statSync(file, { throwIfNoEntry: false }) ?? {}
    if (Date.now() - mtimeMs > day) rmSync(file, { force: true })
  }
}
