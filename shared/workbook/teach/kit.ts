import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadMistakes, openCourse } from '../check/course.ts'
import {
  addedBy,
  type Comparison,
  diffText,
  stageBefore,
  starterToSolution,
} from '../comparison.ts'
import type { Mistake } from '../mistakes.ts'
import { type Files, readSide } from '../pristine.ts'
import { root } from '../root.ts'
import { needSolution } from '../solution.ts'
import type { Stage, Task } from '../stages.ts'
import { type Gap, gapsOf } from './gaps.ts'
import { rankByNearness } from './nearness.ts'
import { type Material, type Plan, planFor } from './plan.ts'
import { type Lesson, readLesson } from './readme.ts'

/** What a stage says of itself, read from its own files. Nothing in it is written for the instructor alone but the questions. */
export interface Kit extends Material {
  readonly gaps: ReadonlyMap<number, readonly Gap[]>
  readonly mistakes: readonly Mistake[]
  readonly plans: readonly Plan[]
  readonly solution: Files
  /** From the starter to the solution, as git shows it. */
  readonly diff: string
  /** What the stage adds to the one before; undefined for the first. */
  readonly added: Added | undefined
}

export interface Added {
  readonly before: Stage
  readonly files: readonly AddedFile[]
}

export interface AddedFile {
  readonly file: string
  readonly kind: 'new' | 'changed' | 'gone'
  readonly added: number
  readonly removed: number
}

/**
 * Collects the kit of a stage, with a plan for each length, in which only these tasks are typed together.
 *
 * @throws {UsageError} when its solution is missing
 */
export async function collectKit(
  stage: Stage,
  lengths: readonly number[],
  open: readonly Task[] = stage.tasks,
): Promise<Kit> {
  needSolution(stage)
  const lesson = lessonOf(stage)
  const mistakes = await loadMistakes(await openCourse(root, [stage.number]), stage)
  const gaps = await gapsOf(stage)
  const ranked = rankByNearness(stage, lesson, mistakes)
  const material = { stage, lesson, sizes: sizesOf(gaps), ranked, open }
  return {
    ...material,
    gaps,
    mistakes,
    plans: lengths.map((minutes) => planFor(material, minutes)),
    solution: readSide(root, stage, 'solution'),
    diff: await diffText(starterToSolution(stage)),
    added: await addedTo(stage),
  }
}

function lessonOf({ folder, tasks }: Stage): Lesson {
  return readLesson(readFileSync(join(root, folder, 'README.md'), 'utf8'), tasks)
}

function sizesOf(gaps: Kit['gaps']): Map<number, number> {
  const total = (list: readonly Gap[]) => list.reduce((sum, { size }) => sum + size, 0)
  return new Map([...gaps].map(([id, list]) => [id, total(list)]))
}

async function addedTo(stage: Stage): Promise<Added | undefined> {
  const before = stageBefore(stage)
  if (!before) return undefined
  const comparison = addedBy(stage)
  const numbers = await diffText(comparison, '--numstat', '--no-renames', '-z')
  return { before, files: filesOf(numbers, comparison) }
}

/** `added TAB removed TAB NUL before NUL after NUL`, where a file that is missing on one side is `/dev/null`. */
function filesOf(numbers: string, { before, after, from, to }: Comparison): AddedFile[] {
  const fields = numbers.split('\0').filter(Boolean)
  const files = fields.flatMap((field, at): AddedFile[] => {
    const [, added, removed] = field.match(/^(\d+)\t(\d+)\t$/) ?? []
    if (added === undefined || removed === undefined) return []
    const names = [fields[at + 1] ?? '', fields[at + 2] ?? '']
    const file = names
      .filter((name) => name.startsWith(`${from}/`) || name.startsWith(`${to}/`))
      .map((name) => name.slice(name.startsWith(`${to}/`) ? to.length + 1 : from.length + 1))
      .at(-1)
    if (!file) return []
    const kind = !(file in before) ? 'new' : file in after ? 'changed' : 'gone'
    return [{ file, kind, added: Number(added), removed: Number(removed) }]
  })
  return files.sort((a, b) => a.file.localeCompare(b.file, 'en'))
}
