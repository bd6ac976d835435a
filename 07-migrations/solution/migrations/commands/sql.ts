import { pendingOf } from '../history.ts'
import type { Migration } from '../migration-file.ts'
import { partOf } from '../migrator.ts'
import { findMigration, needDown, type Step } from '../plan.ts'
import type { Tool } from '../tool.ts'
import { readProgress } from './apply.ts'
import { type Command, isSet } from './command.ts'

export const printSql: Command = {
  summary: 'prints the SQL of a migration, or of all that are pending, and runs nothing',
  help: `  NAME     which one: 0002, or the whole name; without it all that are pending
  --down   the way back

Who runs it with another tool says migrate --fake NAME afterwards.`,
  options: { down: { type: 'boolean' } },
  words: 1,
  run(tool, given) {
    const progress = readProgress(tool)
    const [wanted] = given.words
    const chosen =
      wanted === undefined ? pendingOf(progress) : [findMigration(wanted, progress.migrations)]
    const steps = stepsOf(chosen, isSet(given, 'down') ? 'down' : 'up')
    needDown(steps)
    if (steps.length === 0) tool.print('-- Nothing is pending.')
    for (const step of steps) printStep(tool, step)
    return 0
  },
}

const stepsOf = (migrations: readonly Migration[], direction: Step['direction']): Step[] =>
  (direction === 'up' ? migrations : migrations.toReversed()).map((migration) => ({
    migration,
    direction,
  }))

/** Only SQL and comments, so that it can be read by any other tool. */
function printStep(tool: Tool, step: Step): void {
  tool.print(`-- ${step.migration.name}${step.direction === 'down' ? ', down' : ''}`)
  for (const sql of partOf(step).statements) tool.print(`${sql};`)
}
