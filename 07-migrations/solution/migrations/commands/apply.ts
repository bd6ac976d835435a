import { isYes } from '../answers.ts'
import { readMigrations } from '../folder.ts'
import type { Progress } from '../history.ts'
import { prepareHistory, readHistory } from '../history-table.ts'
import { withLock } from '../lock.ts'
import { partOf, type Run, runStep } from '../migrator.ts'
import type { Step } from '../plan.ts'
import type { Tool } from '../tool.ts'
import { DataLossError } from '../tool-errors.ts'
import { type Given, isSet, secondsOf } from './command.ts'
import { shown } from './print.ts'

/** The options of everything that runs migrations. */
export const runOptions = {
  'dry-run': { type: 'boolean' },
  'allow-data-loss': { type: 'boolean' },
  wait: { type: 'string' },
} as const

/** What the folder and the database say. */
export function readProgress({ folder, connection }: Tool): Progress {
  return { migrations: readMigrations(folder), applied: readHistory(connection) }
}

/** Runs the steps, after asking where data would be lost; with `--dry-run` it only shows them. */
export async function runSteps(tool: Tool, given: Given, steps: readonly Step[]): Promise<void> {
  if (isSet(given, 'dry-run')) {
    for (const step of steps) showStep(tool, step)
    return
  }
  if (!isSet(given, 'allow-data-loss')) await needConsent(tool, steps)
  const run = runOf(tool, given)
  withLock(tool.connection, run.waiting, () => {
    prepareHistory(tool.connection)
    for (const step of steps) runOne(tool, step, run)
  })
}

function runOne(tool: Tool, step: Step, run: Run): void {
  if (runStep(tool.connection, step, run)) tool.print('Done.')
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

function showStep(tool: Tool, step: Step): void {
  tool.print(`Would be: ${titleOf(step)}`)
  for (const sql of partOf(step).statements) tool.print(shown(sql))
}

const titleOf = ({ migration, direction }: Step) =>
  `${direction === 'up' ? 'Applying' : 'Rolling back'} migration ${migration.name}.sql...`

/** @throws {DataLossError} when data would be lost, and nobody agrees */
async function needConsent(tool: Tool, steps: readonly Step[]): Promise<void> {
  const losses = steps.flatMap((step) => partOf(step).losses)
  if (losses.length === 0) return
  for (const loss of losses) tool.warn(loss)
  if (!isYes(await tool.ask?.('Go on? [y/N]'))) throw new DataLossError(losses)
}
