import { createHash } from 'node:crypto'
import { todo } from '#shared/todo'
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
  // TODO(6): createHash('sha256') over the text, in hexadecimal digits. One kind of line ending first.
  return todo('Task 6: know the history')
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
  // TODO(6): `needParents` for each of them. Then take, again and again, the first one by name whose parents are all taken.
  // When none can be taken and some are left: throw new BrokenChainError(circular(waiting)).
  return todo('Task 6: know the history')
}

/**
 * The migrations that no other builds on. A history has one; two are a fork.
 *
 * @example
 * headsOf([first, a, b]) // [a, b]
 */
export function headsOf<M extends Link>(migrations: readonly M[]): M[] {
  // TODO(6): the names that stand in some `after`; then everything else.
  return todo('Task 6: know the history')
}

/**
 * The migrations that this database does not have yet, in order. Each is looked up by its name:
 * after a merge, one with a low number may be missing below one that was applied long ago.
 *
 * @example
 * pendingOf({ migrations: [first, a, b], applied: [first, b] }) // [a]
 */
export function pendingOf({ migrations, applied }: Progress): Migration[] {
  // TODO(6): what is in `migrations` and not in `applied`, by name.
  return todo('Task 6: know the history')
}

/**
 * Where the files and the history contradict each other: edited, missing and unfinished migrations, each with the way out.
 *
 * @example
 * problemsOf({ migrations, applied }) // ['0001_create_users was edited after it was applied (…). …']
 */
export function problemsOf({ migrations, applied }: Progress): string[] {
  // TODO(6): for each that was applied at most one text: `unfinished` without a time, `missing` without a file,
  // `edited` with another checksum.
  return todo('Task 6: know the history')
}

const includes = (links: readonly { readonly name: string }[], wanted: string) =>
  links.some(({ name }) => name === wanted)

function needParents({ name, after }: Link, names: ReadonlySet<string>): void {
  const lost = after.find((parent) => !names.has(parent))
  if (lost !== undefined) throw new BrokenChainError(parentless(name, lost))
}
