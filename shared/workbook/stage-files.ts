import type { Stage } from './stages.ts'
import { UsageError } from './usage.ts'

/**
 * The files of a stage that somebody means by `mapping/table.ts`, `mapping`, `starter/mapping/table.ts`
 * or the path from the root. All of them when nothing is named.
 *
 * @throws {UsageError} when a name fits no file
 */
export function chooseFiles(
  stage: Stage,
  available: readonly string[],
  names: readonly string[],
): string[] {
  if (names.length === 0) return [...available]
  const chosen = names.flatMap((name) => filesNamed(stage, available, name))
  return available.filter((file) => chosen.includes(file))
}

function filesNamed({ folder }: Stage, available: readonly string[], name: string) {
  const path = name.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '')
  const inStage = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
  const wanted = inStage.replace(/^(starter|solution)\//, '')
  const files = available.filter((file) => file === wanted || file.startsWith(`${wanted}/`))
  if (files.length > 0) return files
  const list = available.map((file) => `  ${file}`).join('\n')
  throw new UsageError(`${folder} has no file "${name}". Its files:\n${list}`)
}
