import { headsOf, upTo } from './graph.ts'
import type { Applied } from './history.ts'
import type { Migration } from './migration-file.ts'
import {
  AlreadyAppliedError,
  ForkedHistoryError,
  HistoryError,
  IrreversibleMigrationError,
  PendingMigrationsError,
  UnknownMigrationError,
  unfinishedAdvice,
} from './tool-errors.ts'

/** The migrations of the folder, in order, and what the database says of them. */
export interface Progress {
  readonly migrations: readonly Migration[]
  readonly applied: readonly Applied[]
}

/** One migration to run, and in which direction. */
export interface Step {
  readonly migration: Migration
  readonly direction: 'up' | 'down'
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
  return undone.map((migration) => ({ migration, direction: 'down' }))
}

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

const edited = ({ name, appliedAt }: Applied) =>
  `${name} was edited after it was applied (${day(appliedAt)}). This database has what it said then, the next one would get what it says now. ` +
  'This usually happens when a mistake is mended in the old file. Put the file back as it was (`git log` finds it), and write a new migration for the change. ' +
  `When the edit changes no schema (a comment), say \`migrate --fake ${name.slice(0, 4)}\`.`

const missing = ({ name, appliedAt }: Applied) =>
  `${name} was applied (${day(appliedAt)}), and its file is not in the folder. ` +
  'This usually happens on another branch, or when a file was renamed or deleted. Bring the file back. ' +
  `When it is gone for good and its changes are undone, say \`rollback --fake ${name}\`.`

const unfinished = ({ name }: Applied) =>
  `${name} has begun, and never ended. It runs without a transaction, so a part of it may be there. ` +
  `This usually happens when it failed, or when its process was killed; or it is running now, elsewhere. ${unfinishedAdvice(name)}`

const day = (date: Date | undefined) => date?.toISOString().slice(0, 10)
