import type { Stage } from '../stages.ts'
import { type Course, type Problem, textOf } from './course.ts'

/**
 * A lesson may list the files that its stage gives in another version, each in backticks, between `<!-- rewrites -->` and
 * `<!-- /rewrites -->`. They are those of the manifest: none is missing, none is left over.
 */
export function wrongList(course: Course, { folder, number, rewrites = {} }: Stage): Problem[] {
  const where = `${folder}/README.md`
  const listed = textOf(course, where).match(marked)?.[1]
  if (listed === undefined) return []
  const shown = [...listed.matchAll(/`([^`]+\.\w+)`/g)].map(([, file]) => String(file))
  const files = Object.keys(rewrites)
  const lacking = files.filter((file) => !shown.includes(file))
  const stray = shown.filter((file, i) => !files.includes(file) || shown.indexOf(file) !== i)
  const fix = `It names each file under "rewrites" of ${number} in stages.ts, once.`
  return [
    ...lacking.map((file) => ({ where, what: `does not list the rewritten ${file}`, fix })),
    ...stray.map((file) => ({ where, what: `lists ${file} as rewritten once too often`, fix })),
  ]
}

const marked = /<!-- rewrites -->([\s\S]*?)<!-- \/rewrites -->/
