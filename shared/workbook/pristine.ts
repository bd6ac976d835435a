import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { filesIn } from './check/course.ts'
import type { Stage } from './stages.ts'
import { UsageError } from './usage.ts'

/*
 * Every untouched starter is kept a second time, packed, in shared/workbook/pristine/.
 * A learner writes in the only other copy and commits it; a downloaded archive has no history
 * to ask. `npm run check` compares the two, `npm run check -- --update-pristine` packs anew.
 */

/** The texts of a starter's files by path, with forward slashes. */
export type Files = Readonly<Record<string, string>>

type Place = Pick<Stage, 'number' | 'folder'>

/** The starter as the course ships it; undefined when the stage has not been packed. */
export function readPack(root: string, { number }: Place): Files | undefined {
  const file = packFile(root, number)
  return existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file)).toString()) : undefined
}

/**
 * The starter as the course ships it.
 *
 * @throws {UsageError} when it has not been packed
 */
export function pristineStarter(root: string, stage: Place): Files {
  const files = readPack(root, stage)
  if (files) return files
  throw new UsageError(
    `The untouched starter of ${stage.folder} is not in shared/workbook/pristine/. ` +
      'Somebody removed it (git checkout shared/workbook/pristine), or the author has not packed it yet (npm run check -- --update-pristine).',
  )
}

/** One side of a stage as it is in the working tree. */
export function readSide(root: string, { folder }: Place, side: 'starter' | 'solution'): Files {
  const base = join(root, folder, side)
  const entries = filesIn(base).map((file) => [file, readFileSync(join(base, file), 'utf8')])
  return Object.fromEntries(entries)
}

/** Packs the starter as it is now. A pack that holds the same files is left alone, so git sees no change. */
export function writePack(root: string, stage: Place): boolean {
  const files = readSide(root, stage, 'starter')
  if (sameFiles(readPack(root, stage), files)) return false
  const file = packFile(root, stage.number)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, gzipSync(JSON.stringify(files), { level: 9 }))
  return true
}

/** The paths at which two sets of files differ. */
export function differingFiles(left: Files = {}, right: Files = {}): string[] {
  const paths = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...paths].filter((path) => left[path] !== right[path]).sort()
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function sameFiles(left: Files | undefined, right: Files) {
  return left !== undefined && differingFiles(left, right).length === 0
}

function packFile(root: string, number: string) {
  return join(root, 'shared/workbook/pristine', `${number}.json.gz`)
}
