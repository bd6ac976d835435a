import type { AsyncDatabase } from '#shared/driver/async-driver'
import { readProgress } from './commands/apply.ts'
import { prepareHistory } from './history-table.ts'
import { type Waiting, withLock } from './lock.ts'
import { partOf, runStep } from './migrator.ts'
import { needOrder, type Step, stepsUp } from './plan.ts'
import { DataLossError } from './tool-errors.ts'

/**
 * Applies what is pending, as a program does when it starts: what `migrate` does on a command line where nobody can be asked.
 * Several programs may start at once: one of them applies, and the others wait for it.
 *
 * @example
 * await migrateToLatest(database, 'migrations/postgres') // ['0001_create_users', '0002_add_email_to_users']
 *
 * @returns the names of the migrations that this program has applied
 * @throws {HistoryError} when an applied migration was edited, is missing or never ended
 * @throws {ForkedHistoryError} when the migrations have two ends
 * @throws {DataLossError} when data would be lost: that is said on the command line
 * @throws {MigrationFailedError} when a statement fails
 * @throws {LockTimeoutError} when another program migrates for too long
 */
export async function migrateToLatest(
  database: AsyncDatabase,
  folder: string,
  waiting: Waiting = { seconds: 60 },
): Promise<string[]> {
  const applied: string[] = []
  await withLock(database, waiting, async () => {
    await using connection = await database.connect()
    const progress = await readProgress({ folder, connection })
    needOrder(progress)
    const steps = stepsUp(progress)
    needNoLoss(steps)
    await prepareHistory(connection, waiting)
    for (const step of steps)
      if (await runStep(connection, step, { waiting, now: () => new Date() }))
        applied.push(step.migration.name)
  })
  return applied
}

function needNoLoss(steps: readonly Step[]): void {
  const losses = steps.flatMap((step) => partOf(step).losses)
  if (losses.length > 0) throw new DataLossError(losses.length)
}
