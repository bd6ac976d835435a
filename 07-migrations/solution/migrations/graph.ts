import type { Migration } from './migration-file.ts'
import { BrokenChainError } from './tool-errors.ts'

type Link = Pick<Migration, 'name' | 'after'>

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
 * A migration and everything that it builds on, in order.
 *
 * @example
 * upTo([first, a, b, merge], a) // [first, a]
 */
export function upTo<M extends Link>(ordered: readonly M[], target: M): M[] {
  const needed = new Set([target.name])
  for (const { name, after } of ordered.toReversed())
    if (needed.has(name)) for (const parent of after) needed.add(parent)
  return ordered.filter(({ name }) => needed.has(name))
}

const includes = (links: readonly Link[], wanted: string) =>
  links.some(({ name }) => name === wanted)

function needParents({ name, after }: Link, names: ReadonlySet<string>): void {
  const lost = after.find((parent) => !names.has(parent))
  if (lost !== undefined) throw new BrokenChainError(parentless(name, lost))
}

const parentless = (name: string, lost: string) =>
  `${name} comes after ${lost}, which is not in the folder. ` +
  'This usually happens when a file was renamed or deleted, or was never committed. Bring the file back, or mend the line `-- after:`.'

const circular = (links: readonly Link[]) =>
  `These migrations come after each other in a circle: ${links.map(({ name }) => name).join(', ')}. ` +
  'This usually happens when a line `-- after:` was edited by hand. One of them has to come first.'
