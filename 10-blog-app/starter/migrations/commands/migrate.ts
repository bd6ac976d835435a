import type { Progress } from '../history.ts'
import { forget, prepareHistory, remember } from '../history-table.ts'
import { findMigration, needOrder, type Step, stepsUp } from '../plan.ts'
import type { Tool } from '../tool.ts'
import { transaction } from '../transaction.ts'
import { readProgress, runOptions, runPlan } from './apply.ts'
import { type Command, type Given, textOf } from './command.ts'

export const migrate: Command = {
  summary: 'applies the migrations that the database does not have yet',
  help: `  --to NAME           only up to this one: 0002, or the whole name
  --dry-run           shows the statements, and sends none
  --allow-data-loss   goes on without asking when data will be lost
  --wait SECONDS      how long to wait while another process migrates (60)
  --fake NAME         notes that it is applied, and runs nothing: for a database that has
                      its changes already, or for a file whose edit changes no schema`,
  options: { ...runOptions, to: { type: 'string' }, fake: { type: 'string' } },
  words: 0,
  async run(tool, given) {
    const fake = textOf(given, 'fake')
    if (fake !== undefined) return await pretend(tool, fake)
    return await runPlan(tool, given, () => planUp(tool, given), 'No migrations to apply.')
  },
}

async function planUp(tool: Tool, given: Given): Promise<Step[]> {
  const progress = await readProgress(tool)
  needOrder(progress)
  return stepsUp(progress, targetOf(progress, given))
}

export function targetOf({ migrations }: Progress, given: Given) {
  const wanted = textOf(given, 'to')
  return wanted === undefined ? undefined : findMigration(wanted, migrations)
}

async function pretend(tool: Tool, wanted: string): Promise<number> {
  const { migrations } = await readProgress(tool)
  const migration = findMigration(wanted, migrations)
  await prepareHistory(tool.connection)
  await transaction(tool.connection, async () => {
    await forget(tool.connection, migration)
    await remember(tool.connection, migration, tool.now())
  })
  tool.print(`Noted as applied, without running it: ${migration.name}.sql`)
  return 0
}
