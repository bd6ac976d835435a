import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn } from '../check/course.ts'
import { root } from '../root.ts'
import type { Stage } from '../stages.ts'

/*
 * The rule: a line counts when something stands on it besides a comment, in the code as Biome formats it (100 columns).
 *
 * - The scene: in `story.ts` from `// The scene` to the next heading of that kind. Imports, headings and proofs are not of it.
 * - The tables: from `// The tables` to `// The scene`: the declarations that the scene needs.
 * - The ORM: every file in `solution/`, without stage 10's `app/`, which is a program on the ORM, and not the ORM.
 */

export interface Lines {
  readonly tables: number
  readonly scene: number
  readonly orm: number
}

export function linesOf(stage: Stage): Lines {
  const story = textOf(stage)
  const solution = join(root, stage.folder, 'solution')
  const files = filesIn(solution).filter((file) => file.endsWith('.ts') && !file.startsWith('app/'))
  const lines = files.map((file) => countLines(readFileSync(join(solution, file), 'utf8')))
  return {
    tables: countLines(part(story, 'The tables')),
    scene: countLines(part(story, 'The scene')),
    orm: lines.reduce((sum, count) => sum + count, 0),
  }
}

/**
 * The lines of some TypeScript that hold more than blanks and comments.
 *
 * @example
 * countLines('// one\nconst a = 1 // two\n\n') // 1
 */
export function countLines(code: string): number {
  const text = code.replace(stringsAndComments, (found) => (/^\/[/*]/.test(found) ? '' : found))
  return text.split('\n').filter((line) => line.trim()).length
}

/** Strings too, so that `'http://…'` is no comment. */
const stringsAndComments =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

/** What stands below a heading of `story.ts`; nothing where it has no such heading. */
export function part(story: string, heading: string): string {
  const parts = story.split(/^(?=\/\/ (?:The|Still) )/m)
  return parts.find((text) => text.startsWith(`// ${heading}`)) ?? ''
}

/** The first line of its comment: what is new at this stage. */
export const leadOf = (story: string): string => story.match(/^\/\*\*\n \* (.*)/)?.[1] ?? ''

/** The `story.ts` of a stage, as text. */
export const textOf = ({ folder }: Stage): string =>
  readFileSync(join(root, folder, 'story.ts'), 'utf8')
