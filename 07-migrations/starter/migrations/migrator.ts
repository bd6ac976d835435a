import type { Connection } from '#shared/driver/driver'
import { todo } from '#shared/todo'
import { foreignKeysOff, needWholeRows } from './foreign-keys.ts'
import { forget, readHistory, remember, setTime } from './history-table.ts'
import { beginAlone, type Waiting } from './lock.ts'
import type { Part } from './migration-file.ts'
import type { Step } from './plan.ts'
import { MigrationFailedError, OvertakenError } from './tool-errors.ts'

/** What a run of migrations is told, and what it tells. */
export interface Run {
  readonly waiting: Waiting
  now(): Date
  onStep?(step: Step): void
  /** Before each statement. */
  onStatement?(sql: string): void
}

/**
 * Runs one step and writes it into the history: both, or none.
 *
 * @returns false when another process was faster, and there was nothing left to do
 *
 * @example
 * runStep(connection, { migration, direction: 'up' }, run)
 * // BEGIN IMMEDIATE
 * // SELECT name, checksum, applied_at FROM schema_versions …
 * // ALTER TABLE users ADD COLUMN email TEXT
 * // INSERT INTO schema_versions (name, checksum, applied_at) VALUES (?, ?, ?)
 * // COMMIT
 *
 * @throws {MigrationFailedError} when a statement fails
 * @throws {LockTimeoutError} when another process migrates for too long
 */
export function runStep(connection: Connection, step: Step, run: Run): boolean {
  if (!step.migration.isTransactional) return runBare(connection, step, run)
  return foreignKeysOff(connection, partOf(step), () => runWhole(connection, step, run))
}

/** The part of its migration that a step runs. */
export const partOf = ({ migration, direction }: Step): Part =>
  direction === 'up' ? migration.up : migration.down!

/** All in one transaction. What another process did while this one waited is seen by looking again. */
function runWhole(connection: Connection, step: Step, run: Run): boolean {
  // TODO(7): beginAlone. Look again (isDone): only where it is not done, runAndRecord. COMMIT. Give whether it was run.
  // When anything fails after the beginning: undo, and a MigrationFailedError with the name, `true` and the error.
  return todo('Task 7: apply under a lock')
}

function runAndRecord(connection: Connection, step: Step, run: Run): void {
  // TODO(7): sendAll, needWholeRows, and the history: `remember` it with run.now(), or `forget` it on the way down.
  todo('Task 7: apply under a lock')
}

/**
 * Without a transaction the history is written twice: that it begins, before the first statement, and that it has ended.
 * What fails in between, or is killed, stays in the history without a time.
 */
function runBare(connection: Connection, step: Step, run: Run): boolean {
  const { migration, direction } = step
  if (isDone(connection, step)) return false
  needFooting(connection, step)
  if (direction === 'up') remember(connection, migration, undefined)
  else setTime(connection, migration, undefined)
  try {
    sendEach(connection, step, run)
  } catch (error) {
    throw new MigrationFailedError(migration.name, false, error)
  }
  if (direction === 'up') setTime(connection, migration, run.now())
  else forget(connection, migration)
  return true
}

function sendAll(connection: Connection, step: Step, run: Run): void {
  needFooting(connection, step)
  sendEach(connection, step, run)
}

function sendEach(connection: Connection, step: Step, run: Run): void {
  run.onStep?.(step)
  for (const sql of partOf(step).statements) {
    run.onStatement?.(sql)
    connection.exec(sql)
  }
}

function isDone(connection: Connection, { migration, direction }: Step): boolean {
  // TODO(7): up is done when the history has the name, down when it does not.
  return todo('Task 7: apply under a lock')
}

/** The plan was made before this process had the lock: another one may have taken away what the step stands on. */
function needFooting(connection: Connection, step: Step): void {
  const { migration, direction, followers = [] } = step
  const names = new Set(readHistory(connection).map(({ name }) => name))
  const inTheWay =
    direction === 'up'
      ? migration.after.filter((name) => !names.has(name))
      : followers.filter((name) => names.has(name))
  if (inTheWay.length > 0) throw new OvertakenError(migration.name, inTheWay, direction)
}

/** Some errors end the transaction by themselves; ROLLBACK then fails too, and the first error is the one to hear of. */
function undo(connection: Connection): void {
  try {
    connection.run('ROLLBACK')
  } catch {}
}
