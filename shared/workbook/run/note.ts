import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What the test process says it is doing. */
export interface Doing {
  readonly pid?: number
  readonly file?: string
  /** Undefined while the file is being loaded. */
  readonly test?: string
}

/** A word from the test process. It is written before each test, so it is there even when the test never ends. */
export interface Note {
  readonly file: string
  read(): Doing
  remove(): void
}

export function openNote(): Note {
  const file = join(mkdtempSync(join(tmpdir(), 'orm-workbook-')), 'running.json')
  const remove = () => rmSync(dirname(file), { recursive: true, force: true })
  process.once('exit', remove) // after Ctrl-C nobody else does
  return { file, read: () => read(file), remove }
}

function read(file: string): Doing {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {} // nothing has started yet
  }
}
