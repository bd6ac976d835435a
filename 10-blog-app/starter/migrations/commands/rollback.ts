import type { Progress } from '../history.ts'
import { forget } from '../history-table.ts'
import { findMigration, lastApplied, needDown, needOrder, type Step, stepsDown } from '../plan.ts'
import type { Tool } from '../tool.ts'
import { readProgress, runOptions, runPlan } from './apply.ts'
import { type Command, type Given, isSet, textOf, UsageError } from './command.ts'
import { targetOf } from './migrate.ts'

export const rollback: Command = {
  summary: 'takes back the migration that was applied last',
  help: `  --to NAME           takes back everything after this one
  --all               takes back everything
  --dry-run           shows the statements, and sends none
  --allow-data-loss   goes on without asking when data will be lost
  --wait SECONDS      how long to wait while another process migrates (60)
  --fake NAME         notes that it is not applied, and runs nothing: for one whose changes
                      are undone already, or whose file is gone`,
  options: {
    ...runOptions,
    to: { type: 'string' },
    all: { type: 'boolean' },
    fake: { type: 'string' },
  },
  words: 0,
  async run(tool, given) {
    const fake = textOf(given, 'fake')
    if (fake !== undefined) return await pretend(tool, fake)
    return await runPlan(tool, given, () => planDown(tool, given), 'No migrations to roll back.')
  },
}

async function planDown(tool: Tool, given: Given): Promise<Step[]> {
  const progress = await readProgress(tool)
  needOrder(progress)
  const steps = stepsOf(progress, given)
  needDown(steps)
  return steps
}

function stepsOf(progress: Progress, given: Given) {
  const target = targetOf(progress, given)
  if (target && isSet(given, 'all')) throw new UsageError('--to and --all exclude each other.')
  return target || isSet(given, 'all') ? stepsDown(progress, target) : lastApplied(progress)
}

async function pretend(tool: Tool, wanted: string): Promise<number> {
  const { applied } = await readProgress(tool)
  const migration = findMigration(wanted, applied)
  await forget(tool.connection, migration)
  tool.print(`Noted as not applied, without running anything: ${migration.name}.sql`)
  return 0
}
