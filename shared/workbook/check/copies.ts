import { join } from 'node:path'
import type { Stage } from '../stages.ts'
import {
  type Check,
  type Course,
  filesIn,
  lineAt,
  type Problem,
  previousStage,
  textOf,
} from './course.ts'
import { wrongList } from './rewrites.ts'
import { matchesOf, readSource } from './source.ts'

export const copies: Check = {
  name: 'copies',
  promise: 'a carried file equals its original, unless the stage works on it',
  find: (course) =>
    course.stages.flatMap((stage) => [
      ...sidesOf(course, stage),
      ...leftOverTodos(course, stage),
      ...driftOf(course, stage),
      ...wrongList(course, stage),
    ]),
}

/** Starter and solution: the same files, and the same text wherever the starter has no gap. */
function sidesOf(course: Course, stage: Stage): Problem[] {
  const { starter, solution } = filesOf(course, stage)
  const all = [...new Set([...starter, ...solution])]
  return all.flatMap((file) => {
    if (!starter.includes(file)) return [missing(stage, file, 'starter', 'solution')]
    if (!solution.includes(file)) return [missing(stage, file, 'solution', 'starter')]
    if (hasGap(course, stage, file)) return []
    const same = side(course, stage, 'starter', file) === side(course, stage, 'solution', file)
    return same ? [] : [differsWithoutGap(stage, file)]
  })
}

function missing({ folder }: Stage, file: string, here: string, there: string): Problem {
  const where = `${folder}/${here}/${file}`
  return {
    where,
    what: `is missing: ${there}/ has it`,
    fix: 'Both sides hold the same file names.',
  }
}

function differsWithoutGap({ folder }: Stage, file: string): Problem {
  return {
    where: `${folder}/starter/${file}`,
    what: 'differs from the solution, but holds no TODO(n)',
    fix: `Carry the newer one over: npm run carry -- ${folder}/solution/${file}`,
  }
}

function leftOverTodos(course: Course, stage: Stage): Problem[] {
  return filesOf(course, stage).solution.flatMap((file) => {
    const text = side(course, stage, 'solution', file)
    const { code } = readSource(text)
    const found = [...matchesOf(text, /\bTODO\(/g), ...matchesOf(code, /\btodo\(/g)]
    return found.map(({ index }) => ({
      where: `${stage.folder}/solution/${file}:${lineAt(text, index)}`,
      what: 'a gap in a solution',
      fix: 'Write it, or remove the mark.',
    }))
  })
}

/** Against the newest earlier stage that is written. */
function driftOf(course: Course, stage: Stage): Problem[] {
  const previous = previousStage(course, stage)
  if (!previous) return staleEntries(course, stage, undefined)
  const before = filesOf(course, previous).solution
  const now = filesOf(course, stage).solution
  const drifted = before.flatMap((file) => {
    if (!now.includes(file)) return isRetired(stage, file) ? [] : [vanished(stage, previous, file)]
    return mayDiffer(course, stage, previous, file) ? [] : [drift(stage, previous, file)]
  })
  return [...drifted, ...staleEntries(course, stage, previous)]
}

function mayDiffer(course: Course, stage: Stage, previous: Stage, file: string) {
  const before = side(course, previous, 'solution', file)
  const now = side(course, stage, 'solution', file)
  if (before === now || hasGap(course, stage, file) || stage.rewrites?.[file]) return true
  return file === 'index.ts' && onlyGains(before, now)
}

/** All lines of the old text stand in the new one, in the same order. */
function onlyGains(before: string, now: string) {
  const lines = now.split('\n')
  let from = 0
  return before.split('\n').every((line) => {
    const at = lines.indexOf(line, from)
    from = at + 1
    return at >= 0
  })
}

function vanished({ folder, number }: Stage, previous: Stage, file: string): Problem {
  return {
    where: `${folder}/solution/${file}`,
    what: `is missing: ${previous.folder}/solution/ has it`,
    fix: `Copy it, or list it in stages.ts under "retires" of ${number}, with the reason.`,
  }
}

function drift({ folder, number }: Stage, previous: Stage, file: string): Problem {
  const original = `${previous.folder}/solution/${file}`
  return {
    where: `${folder}/solution/${file}`,
    what: `has drifted from ${original}`,
    fix: `Carry the newer one over (npm run carry -- ${original}), leave a TODO(n) in the starter's copy, or list it under "rewrites" of ${number} in stages.ts, with the reason.`,
  }
}

/** Entries of the manifest that no longer say anything true. */
function staleEntries(course: Course, stage: Stage, previous: Stage | undefined): Problem[] {
  const before = previous ? filesOf(course, previous).solution : []
  const now = filesOf(course, stage).solution
  const rewrites = Object.keys(stage.rewrites ?? {})
    .filter((file) => !previous || !isRewritten(course, stage, previous, file))
    .map((file) => stale(stage, 'rewrites', file, 'the stage before has the same, or none'))
  const retires = Object.keys(stage.retires ?? {})
    .filter((path) => !before.some((file) => covers(path, file) && !now.includes(file)))
    .map((path) =>
      stale(stage, 'retires', path, 'the stage before has none, or this one still has it'),
    )
  const kept = now
    .filter((file) => isRetired(stage, file))
    .map((file) => stale(stage, 'retires', file, 'this stage still has it'))
  return [...rewrites, ...retires, ...kept]
}

function isRewritten(course: Course, stage: Stage, previous: Stage, file: string) {
  const before = side(course, previous, 'solution', file)
  const now = side(course, stage, 'solution', file)
  return before !== '' && now !== '' && before !== now
}

function stale({ number }: Stage, list: string, entry: string, what: string): Problem {
  return {
    where: `stages.ts, "${list}" of ${number}: ${entry}`,
    what: `is out of date: ${what}`,
    fix: 'Remove the entry.',
  }
}

function isRetired({ retires = {} }: Stage, file: string) {
  return Object.keys(retires).some((path) => covers(path, file))
}

function covers(path: string, file: string) {
  return path.endsWith('/') ? file.startsWith(path) : path === file
}

function filesOf({ root }: Course, { folder }: Stage) {
  const [starter = [], solution = []] = ['starter', 'solution'].map((name) =>
    filesIn(join(root, folder, name)),
  )
  return { starter, solution }
}

function side(course: Course, { folder }: Stage, name: 'starter' | 'solution', file: string) {
  return textOf(course, folder, name, file)
}

function hasGap(course: Course, stage: Stage, file: string) {
  return side(course, stage, 'starter', file).includes('TODO(')
}
