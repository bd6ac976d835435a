import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptySandbox } from '../check/sandbox.ts'

/** A file before and after the change that is to be carried. */
export interface Fix {
  readonly before: string
  readonly after: string
}

/** A place where the copy has other lines than the file had before the fix. The copy keeps its own. */
export interface Hunk {
  /** Where the copy's own lines begin. */
  readonly line: number
  /** What stands there in the fixed file. */
  readonly wanted: string
}

export interface Carried {
  readonly path: string
  /**
   * `gap`: what could not be merged falls into a learner's gap, which stays as it is.
   * `conflict`: somebody has to write it by hand. In both cases the rest of the fix has been carried.
   */
  readonly outcome: 'equal' | 'updated' | 'gap' | 'conflict'
  readonly hunks: readonly Hunk[]
}

/** Merges a fix into one copy, and never guesses: where the two touch the same lines, the copy keeps its own. */
export function carryTo(root: string, path: string, fix: Fix): Carried {
  const file = join(root, path)
  const own = readFileSync(file, 'utf8')
  const merged = own === fix.before ? fix.after : merge(own, fix, [])
  const conflicts = conflictsOf(merged)
  const kept = conflicts.length > 0 ? merge(own, fix, ['--ours']) : merged
  if (kept !== own) writeFileSync(file, kept)
  const hunks = conflicts.map(({ line, wanted }) => ({ line, wanted }))
  return { path, outcome: outcomeOf(conflicts, own, kept), hunks }
}

function outcomeOf(conflicts: readonly Conflict[], own: string, kept: string): Carried['outcome'] {
  if (conflicts.some((conflict) => !/\b(?:TODO|todo)\(/.test(conflict.own))) return 'conflict'
  if (conflicts.length > 0) return 'gap'
  return kept === own ? 'equal' : 'updated'
}

/** `git merge-file` takes three files; its exit code is the number of conflicts. */
function merge(own: string, { before, after }: Fix, options: readonly string[]): string {
  const sandbox = emptySandbox()
  const files = Object.entries({ own, before, after }).map(([name, text]) => {
    writeFileSync(join(sandbox.root, name), text)
    return name
  })
  const args = ['merge-file', '-p', ...options, ...files]
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: sandbox.root, encoding: 'utf8' })
  sandbox.remove()
  if (status === null || status >= 128) throw new Error(`git merge-file failed: ${stderr}`)
  return stdout
}

interface Conflict extends Hunk {
  readonly own: string
}

/** git's marks: `<<<<<<<`, the copy's lines, `=======`, the fixed lines, `>>>>>>>`. */
function conflictsOf(merged: string): Conflict[] {
  const marks = /^<{7} own\n([\s\S]*?)^={7}\n([\s\S]*?)^>{7} after$/gm
  let removed = 0
  return [...merged.matchAll(marks)].map(([text, own = '', wanted = ''], index, all) => {
    const above = merged.slice(0, all[index]?.index ?? 0).split('\n').length
    const line = above - removed
    removed += text.split('\n').length - own.split('\n').length + 1
    return { line, own, wanted: wanted.trimEnd() }
  })
}
