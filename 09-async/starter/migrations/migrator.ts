import type { AsyncConnection } from '#shared/driver/async-driver'
import { foreignKeysOff, needWholeRows } from './foreign-keys.ts'
import { forget, readHistory, remember, setTime } from './history-table.ts'
import { beginAlone, type Waiting } from './lock.ts'
import type { Part } from './migration-file.ts'
import type { Step } from './plan.ts'
import { MigrationFailedError, OvertakenError } from './tool-errors.ts'
import { endAfter } from './transaction.ts'

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
 * await runStep(connection, { migration, direction: 'up' }, run)
 * // BEGIN IMMEDIATE
 * // SELECT name, checksum, applied_at FROM schema_versions …
 * // ALTER TABLE users ADD COLUMN email TEXT
 * // INSERT INTO schema_versions (name, checksum, applied_at) VALUES (?, ?, ?)
 * // COMMIT
 *
 * @throws {MigrationFailedError} when a statement fails
 * @throws {LockTimeoutError} when another process migrates for too long
 */
export async function runStep(connection: AsyncConnection, step: Step, run: Run): Promise<boolean> {
  if (!step.migration.isTransactional) return await runBare(connection, step, run)
  return await foreignKeysOff(connection, partOf(step), () => runWhole(connection, step, run))
}

/** The part of its migration that a step runs. */
export const partOf = ({ migration, direction }: Step): Part =>
  direction === 'up' ? migration.up : migration.down!

/** All in one transaction. What another process did while this one waited is seen by looking again. */
async function runWhole(connection: AsyncConnection, step: Step, run: Run): Promise<boolean> {
  await beginAlone(connection, run.waiting)
  try {
    return await endAfter(connection, async () => {
      const isOpen = !(await isDone(connection, step))
      if (isOpen) await runAndRecord(connection, step, run)
      return isOpen
    })
  } catch (error) {
    throw new MigrationFailedError(step.migration.name, true, error)
  }
}

async function runAndRecord(connection: AsyncConnection, step: Step, run: Run): Promise<void> {
  await sendAll(connection, step, run)
  await needWholeRows(connection, partOf(step))
  if (step.direction === 'up') await remember(connection, step.migration, run.now())
  else await forget(connection, step.migration)
}

/**
 * Without a transaction the history is written twice: that it begins, before the first statement, and that it has ended.
 * What fails in between, or is killed, stays in the history without a time.
 */
async function runBare(connection: AsyncConnection, step: Step, run: Run): Promise<boolean> {
  const { migration, direction } = step
  if (await isDone(connection, step)) return false
  await needFooting(connection, step)
  if (direction === 'up') await remember(connection, migration, undefined)
  else await setTime(connection, migration, undefined)
  try {
    await sendEach(connection, step, run)
  } catch (error) {
    throw new MigrationFailedError(migration.name, false, error)
  }
  if (direction === 'up') await setTime(connection, migration, run.now())
  else await forget(connection, migration)
  return true
}

async function sendAll(connection: AsyncConnection, step: Step, run: Run): Promise<void> {
  await needFooting(connection, step)
  await sendEach(connection, step, run)
}

async function sendEach(connection: AsyncConnection, step: Step, run: Run): Promise<void> {
  run.onStep?.(step)
  for (const sql of partOf(step).statements) {
    run.onStatement?.(sql)
    await connection.exec(sql)
  }
}

async function isDone(
  connection: AsyncConnection,
  { migration, direction }: Step,
): Promise<boolean> {
  const history = await readHistory(connection)
  const isApplied = history.some(({ name }) => name === migration.name)
  return isApplied === (direction === 'up')
}

/** The plan was made before this process had the lock: another one may have taken away what the step stands on. */
async function needFooting(connection: AsyncConnection, step: Step): Promise<void> {
  const { migration, direction, followers = [] } = step
  const names = new Set((await readHistory(connection)).map(({ name }) => name))
  const inTheWay =
    direction === 'up'
      ? migration.after.filter((name) => !names.has(name))
      : followers.filter((name) => names.has(name))
  if (inTheWay.length > 0) throw new OvertakenError(migration.name, inTheWay, direction)
}
