import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './root.ts'

/** Reads what the commands remember between two calls; undefined when there is nothing, or nothing readable. */
export function readState<T>(name: string): T | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(name), 'utf8'))
  } catch {
    return undefined // the first call, or a file that somebody has edited: nothing is lost but a picture
  }
}

export function writeState(name: string, value: unknown): void {
  const file = fileOf(name)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  } catch {
    // A folder that cannot be written costs the memory, not the command; npm run doctor names it.
  }
}

/** A folder that git ignores. */
const fileOf = (name: string) => join(root, '.workbook', name)
