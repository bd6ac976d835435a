import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mistake } from '../mistakes.ts'
import type { Stage } from '../stages.ts'

/** A course on disk, and the part of it that a run of the checks looks at. */
export interface Course {
  readonly root: string
  /** Every stage that has tasks, in order. */
  readonly written: readonly Stage[]
  /** The written stages to check. */
  readonly stages: readonly Stage[]
  /** True when `stages` are all that are written: then the files outside of them are checked too. */
  readonly whole: boolean
}

/** One thing that is wrong: where, what, and what to do about it. */
export interface Problem {
  readonly where: string
  readonly what: string
  readonly fix: string
}

export interface Check {
  readonly name: string
  /** What holds when there is no problem, in one line. */
  readonly promise: string
  find(course: Course): Promise<readonly Problem[]> | readonly Problem[]
}

export type Side = 'starter' | 'solution'

/** Reads the manifest of the course in `root`. `numbers` limits the checks to these stages. */
export async function openCourse(root: string, numbers: readonly string[] = []): Promise<Course> {
  const { stages: all } = await load<{ stages: readonly Stage[] }>(
    join(root, 'shared/workbook/stages.ts'),
  )
  const written = all.filter((stage) => stage.tasks.length > 0)
  const stages = written.filter(({ number }) => !numbers.length || numbers.includes(number))
  return { root, written, stages, whole: stages.length === written.length }
}

/** The newest stage before this one that is written: where its carried files come from. */
export function previousStage(course: Course, stage: Stage): Stage | undefined {
  return course.written.filter(({ number }) => number < stage.number).at(-1)
}

export async function loadHints(
  course: Course,
  stage: Stage,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const file = join(course.root, 'shared/workbook/hints', `${stage.number}.ts`)
  if (!existsSync(file)) return {}
  return (await load<{ hints: Readonly<Record<string, readonly string[]>> }>(file)).hints
}

export async function loadMistakes(course: Course, stage: Stage): Promise<readonly Mistake[]> {
  const file = join(course.root, stage.folder, 'mistakes.ts')
  if (!existsSync(file)) return []
  return (await load<{ mistakes: readonly Mistake[] }>(file)).mistakes
}

async function load<Module>(file: string): Promise<Module> {
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Module
}

/** Folders that hold no part of the course. */
export const foreign: ReadonlySet<string> = new Set(['node_modules', '.git', '.workbook'])

/** All files below a folder, relative to it, with forward slashes, sorted. None when there is no such folder. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return walk(folder)
    .map((file) => relative(folder, file).split(sep).join('/'))
    .sort()
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (foreign.has(entry.name) || entry.name === '.DS_Store') return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })
}

/** vitest writes paths with forward slashes on every system. */
export function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}

/** The text of a file of the course; empty when there is none. */
export function textOf(course: Course, ...path: string[]): string {
  const file = join(course.root, ...path)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** The number of the line on which the character at `index` stands. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
