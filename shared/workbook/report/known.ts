import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mistake } from '../mistakes.ts'
import { root } from '../root.ts'
import type { Stage } from '../stages.ts'

/** The bank of wrong answers of a stage; empty when it has none. */
export async function knownMistakes(stage: Stage): Promise<readonly Mistake[]> {
  const file = join(root, stage.folder, 'mistakes.ts')
  if (!existsSync(file)) return []
  const { mistakes } = await import(pathToFileURL(file).href)
  return mistakes
}
