import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { cleanUp } from '../child.ts'
import { foreign } from './course.ts'

/** A folder that is removed when the work is done, or at the latest when this process ends. */
export interface Sandbox {
  readonly root: string
  remove(): void
}

export function emptySandbox(): Sandbox {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'orm-workbook-')))
  return { root: folder, remove: cleanUp(() => rmSync(folder, { recursive: true, force: true })) }
}

/** Copies the root's files, `shared/` and the named folders to an empty folder. `node_modules` is linked, not copied. */
export function copyCourse(root: string, folders: readonly string[]): Sandbox {
  const sandbox = emptySandbox()
  for (const name of [...rootFiles(root), 'shared', ...folders]) {
    if (existsSync(join(root, name))) copyInto(join(root, name), join(sandbox.root, name))
  }
  linkModules(root, sandbox.root)
  return sandbox
}

export function copyInto(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !foreign.has(basename(path)) })
}

export function rootFiles(root: string) {
  const files = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ name }) => name).filter((name) => !name.endsWith('.log'))
}

/** A junction needs no rights on Windows that learners lack. */
export function linkModules(root: string, target: string) {
  mkdirSync(target, { recursive: true })
  const modules = join(root, 'node_modules')
  if (existsSync(modules)) {
    symlinkSync(realpathSync(modules), join(target, 'node_modules'), 'junction')
  }
}
