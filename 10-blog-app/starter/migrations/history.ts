import { createHash } from 'node:crypto'
import { circular, edited, missing, parentless, unfinished } from './history-problems.ts'
import type { Applied } from './history-table.ts'
import type { Migration } from './migration-file.ts'
import { BrokenChainError } from './tool-errors.ts'

type Link = Pick<Migration, 'name' | 'after'>

/** The migrations of the folder, in order, and what the database says of them. */
export interface Progress {
  readonly migrations: readonly Migration[]
  readonly applied: readonly Applied[]
}

/**
 * A fingerprint of a file's text, which tells whether it was edited after it was applied.
 * Git writes CRLF on one machine and LF on the other: that is no edit.
 *
 * @example
 * checksumOf('-- up\n') // '6f1c…', 64 hexadecimal digits of SHA-256
 */
export function checksumOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}

/**
 * The migrations in the order in which they are applied: each after those that it builds on, and by name where both orders are right.
 *
 * @example
 * inOrder([merge, b, a, first]) // [first, a, b, merge]
 *
 * @throws {BrokenChainError} when one builds on a file that is not there, or on itself
 */
export function inOrder<M extends Link>(migrations: readonly M[]): M[] {
  const names = new Set(migrations.map(({ name }) => name))
  for (const one of migrations) needParents(one, names)
  const waiting = migrations.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const ordered: M[] = []
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ after }) => after.every((name) => includes(ordered, name)))
    if (next < 0) throw new BrokenChainError(circular(waiting))
    ordered.push(...waiting.splice(next, 1))
  }
  return ordered
}

/**
 * The migrations that no other builds on. A history has one; two are a fork.
 *
 * @example
 * headsOf([first, a, b]) // [a, b]
 */
export function headsOf<M extends Link>(migrations: readonly M[]): M[] {
  const followed = new Set(migrations.flatMap(({ after }) => after))
  return migrations.filter(({ name }) => !followed.has(name))
}

/**
 * The migrations that this database does not have yet, in order. Each is looked up by its name:
 * after a merge, one with a low number may be missing below one that was applied long ago.
 *
 * @example
 * pendingOf({ migrations: [first, a, b], applied: [first, b] }) // [a]
 */
export function pendingOf({ migrations, applied }: Progress): Migration[] {
  const names = new Set(applied.map(({ name }) => name))
  return migrations.filter(({ name }) => !names.has(name))
}

/**
 * Where the files and the history contradict each other: edited, missing and unfinished migrations, each with the way out.
 *
 * @example
 * problemsOf({ migrations, applied }) // ['0001_create_users was edited after it was applied (…). …']
 */
export function problemsOf({ migrations, applied }: Progress): string[] {
  const files = new Map(migrations.map((one) => [one.name, one]))
  return applied.flatMap((one) => {
    const file = files.get(one.name)
    if (!one.appliedAt) return [unfinished(one)]
    if (!file) return [missing(one)]
    return file.checksum === one.checksum ? [] : [edited(one)]
  })
}

const includes = (links: readonly { readonly name: string }[], wanted: string) =>
  links.some(({ name }) => name === wanted)

function needParents({ name, after }: Link, names: ReadonlySet<string>): void {
  const lost = after.find((parent) => !names.has(parent))
  if (lost !== undefined) throw new BrokenChainError(parentless(name, lost))
}
