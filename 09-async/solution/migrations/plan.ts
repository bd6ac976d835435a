import { headsOf, type Progress, pendingOf, problemsOf } from './history.ts'
import type { Migration } from './migration-file.ts'
import {
  AlreadyAppliedError,
  ForkedHistoryError,
  HistoryError,
  IrreversibleMigrationError,
  PendingMigrationsError,
  UnknownMigrationError,
} from './tool-errors.ts'

/** One migration to run, and in which direction. */
export interface Step {
  readonly migration: Migration
  readonly direction: 'up' | 'down'
  /** On the way down: the names of those that build on it. They have to go earlier. */
  readonly followers?: readonly string[]
}

/**
 * Refuses to go on while the history is not in order.
 *
 * @throws {HistoryError} when an applied migration was edited, is missing or never ended
 * @throws {ForkedHistoryError} when the migrations have two ends
 */
export function needOrder(progress: Progress): void {
  needWhole(progress)
  const heads = headsOf(progress.migrations).map(({ name }) => name)
  if (heads.length > 1) throw new ForkedHistoryError(heads)
}

/** @throws {HistoryError} when an applied migration was edited, is missing or never ended */
export function needWhole(progress: Progress): void {
  const problems = problemsOf(progress)
  if (problems.length > 0) throw new HistoryError(problems)
}

/** @throws {PendingMigrationsError} when the database does not have all migrations */
export function needApplied(progress: Progress): void {
  const pending = pendingOf(progress).map(({ name }) => name)
  if (pending.length > 0) throw new PendingMigrationsError(pending)
}

/**
 * What `migrate` has to run: everything that is pending, or what leads to the target.
 *
 * @throws {AlreadyAppliedError} when the target lies behind
 */
export function stepsUp(progress: Progress, target?: Migration): Step[] {
  const wanted = target ? upTo(progress.migrations, target) : progress.migrations
  const pending = pendingOf({ ...progress, migrations: wanted })
  const later = target ? stepsDown(progress, target) : []
  if (pending.length === 0 && target && later.length > 0)
    throw new AlreadyAppliedError(
      target.name,
      later.map(({ migration }) => migration.name).reverse(),
    )
  return pending.map((migration) => ({ migration, direction: 'up' }))
}

/**
 * A migration and everything that it builds on, in order.
 *
 * @example
 * upTo([first, a, b, merge], a) // [first, a]
 */
export function upTo(ordered: readonly Migration[], target: Migration): Migration[] {
  const needed = new Set([target.name])
  for (const { name, after } of ordered.toReversed())
    if (needed.has(name)) for (const parent of after) needed.add(parent)
  return ordered.filter(({ name }) => needed.has(name))
}

/**
 * What `rollback` has to run, the last one first: everything that the target does not need.
 *
 * @param target undefined for all the way back
 *
 * @throws {IrreversibleMigrationError} when one of them has no down part
 */
export function stepsDown({ migrations, applied }: Progress, target?: Migration): Step[] {
  const names = new Set(applied.map(({ name }) => name))
  const kept = target ? upTo(migrations, target) : []
  const undone = migrations.filter((one) => names.has(one.name) && !kept.includes(one)).reverse()
  return undone.map((migration) => ({
    migration,
    direction: 'down',
    followers: followersOf(migration, migrations),
  }))
}

const followersOf = ({ name }: Migration, migrations: readonly Migration[]) =>
  migrations.filter(({ after }) => after.includes(name)).map((follower) => follower.name)

/** The migration applied last, in the order of the files: the one that `rollback` takes back. */
export function lastApplied(progress: Progress): Step[] {
  return stepsDown(progress).slice(0, 1)
}

/** @throws {IrreversibleMigrationError} when one of the steps leads down and has no down part */
export function needDown(steps: readonly Step[]): void {
  const stuck = steps.find(({ migration, direction }) => direction === 'down' && !migration.down)
  if (stuck) throw new IrreversibleMigrationError(stuck.migration.name)
}

/**
 * The migration that is meant by `2`, `0002`, `0002_add_email` or the whole name, with or without `.sql`.
 *
 * @throws {UnknownMigrationError} when there is none, or when there are several
 */
export function findMigration<M extends { readonly name: string }>(
  wanted: string,
  migrations: readonly M[],
): M {
  const text = wanted.replace(/\.sql$/, '').replace(/^\d+/, (digits) => digits.padStart(4, '0'))
  const exact = migrations.filter(({ name }) => name === text)
  const found = exact.length > 0 ? exact : migrations.filter(({ name }) => begins(name, text))
  if (found.length === 1) return found[0]!
  const names = (list: readonly M[]) => list.map(({ name }) => name)
  throw new UnknownMigrationError(wanted, names(found), names(migrations))
}

/** `0001` begins 0001_create_users, and not 00012_add_email. */
const begins = (name: string, text: string) =>
  /^\d+$/.test(text) ? name.startsWith(`${text}_`) : name.startsWith(text)
