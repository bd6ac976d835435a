import { isYes } from '../answers.ts'
import { readMigrations } from '../folder.ts'
import type { Progress } from '../history.ts'
import { prepareHistory, readHistory } from '../history-table.ts'
import { withLock } from '../lock.ts'
import { partOf, type Run, runStep } from '../migrator.ts'
import type { Step } from '../plan.ts'
import type { Tool } from '../tool.ts'
import { CancelledError, DataLossError } from '../tool-errors.ts'
import { type Given, isSet, secondsOf } from './command.ts'
import { shown } from './print.ts'

/** The options of everything that runs migrations. */
export const runOptions = {
  'dry-run': { type: 'boolean' },
  'allow-data-loss': { type: 'boolean' },
  wait: { type: 'string' },
} as const

/** What the folder and the database say. */
export async function readProgress({
  folder,
  connection,
}: Pick<Tool, 'folder' | 'connection'>): Promise<Progress> {
  return { migrations: readMigrations(folder), applied: await readHistory(connection) }
}

/**
 * Runs a plan, after asking where data would be lost; with `--dry-run` it only shows it.
 * The plan is made under the lock: before, another process may be in the middle of it.
 *
 * @param nothing what is said when there is nothing to do
 */
export async function runPlan(
  tool: Tool,
  given: Given,
  plan: () => Promise<Step[]>,
  nothing: string,
) {
  if (isSet(given, 'dry-run')) showSteps(tool, await plan(), nothing)
  else {
    const run = runOf(tool, given)
    const work = async () => runSteps(tool, given, await plan(), nothing, run)
    await withLock(tool.database, run.waiting, work)
  }
  return 0
}

async function runSteps(
  tool: Tool,
  given: Given,
  steps: readonly Step[],
  nothing: string,
  run: Run,
): Promise<void> {
  if (steps.length === 0) return tool.print(nothing)
  warn(tool, steps)
  if (!isSet(given, 'allow-data-loss')) await needConsent(tool, steps)
  await prepareHistory(tool.connection, run.waiting)
  for (const step of steps) await runOne(tool, step, run)
}

async function runOne(tool: Tool, step: Step, run: Run): Promise<void> {
  if (await runStep(tool.connection, step, run)) tool.print('Done.')
  else tool.print(`Another process was faster with ${step.migration.name}.`)
}

function runOf(tool: Tool, given: Given): Run {
  const onWait = () => tool.print('Another process is migrating this database. Waiting for it...')
  return {
    waiting: { seconds: secondsOf(given, 'wait'), onWait },
    now: tool.now,
    onStep: (step) => tool.print(titleOf(step)),
    onStatement: (sql) => tool.print(shown(sql)),
  }
}

function showSteps(tool: Tool, steps: readonly Step[], nothing: string): void {
  if (steps.length === 0) tool.print(nothing)
  warn(tool, steps)
  for (const step of steps) {
    tool.print(`Would be: ${titleOf(step)}`)
    for (const sql of partOf(step).statements) tool.print(shown(sql))
  }
}

const titleOf = ({ migration, direction }: Step) =>
  `${direction === 'up' ? 'Applying' : 'Rolling back'} migration ${migration.name}.sql...`

function warn(tool: Tool, steps: readonly Step[]): void {
  for (const { losses, locks } of steps.map(partOf))
    for (const text of [...losses, ...locks]) tool.warn(`Careful: ${text}`)
}

/**
 * @throws {DataLossError} when data would be lost, and there is nobody to ask
 * @throws {CancelledError} when the answer is no
 */
async function needConsent(tool: Tool, steps: readonly Step[]): Promise<void> {
  const losses = steps.flatMap((step) => partOf(step).losses)
  if (losses.length === 0) return
  if (!tool.ask) throw new DataLossError(losses.length)
  if (!isYes(await tool.ask('Go on? [y/N]'))) throw new CancelledError()
}
