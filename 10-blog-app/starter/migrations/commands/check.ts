import { diff } from '../diff.ts'
import { headsOf, type Progress, pendingOf, problemsOf } from '../history.ts'
import { liveSchema } from '../live-schema.ts'
import type { Migration } from '../migration-file.ts'
import { describeOperation } from '../operations.ts'
import { replay } from '../replay.ts'
import type { Schema } from '../schema.ts'
import { schemaOf } from '../schema-of.ts'
import type { Tool } from '../tool.ts'
import { ForkedHistoryError } from '../tool-errors.ts'
import { readProgress } from './apply.ts'
import type { Command } from './command.ts'

export const check: Command = {
  summary: 'gives 1 when models, files and database do not agree; for pipelines',
  help: `  It takes no options, and changes nothing. The files are run in an empty place: on SQLite in a
  database in memory, on PostgreSQL in a schema of its own, in a transaction that is rolled back.
  What they make is compared with the models, and with the database.`,
  options: {},
  words: 0,
  async run(tool) {
    const progress = await readProgress(tool)
    const order = [...problemsOf(progress), ...forkOf(progress)]
    const problems = order.length > 0 ? order : await differences(tool, progress)
    for (const problem of problems) tool.warn(problem)
    if (problems.length === 0) tool.print('Models, files and database agree.')
    return problems.length === 0 ? 0 : 1
  },
}

function forkOf({ migrations }: Progress): string[] {
  const heads = headsOf(migrations).map(({ name }) => name)
  return heads.length > 1 ? [new ForkedHistoryError(heads).message] : []
}

/** Three schemas: what the models ask for, what the files make, what the database has. */
async function differences(tool: Tool, progress: Progress): Promise<string[]> {
  const { migrations } = progress
  const pending = pendingOf(progress)
  const models = schemaOf(tool.registry, tool.connection.dialect)
  const applied = migrations.filter((one) => !pending.includes(one))
  return [
    ...pending.map(({ name }) => `${name} is not applied. Say \`migrate\`.`),
    ...compare(await filesOf(tool, migrations), models, unwritten),
    ...compare(await filesOf(tool, applied), await liveSchema(tool), drifted),
  ]
}

const filesOf = ({ connection }: Tool, migrations: readonly Migration[]) =>
  replay(migrations, connection)

function compare(from: Schema, to: Schema, explanation: string): string[] {
  const lines = diff(from, to).map((operation) => `- ${describeOperation(operation)}`)
  return lines.length > 0 ? [[explanation, ...lines].join('\n')] : []
}

const unwritten = 'The models ask for changes that no migration makes. Say `makemigrations`.'

const drifted =
  'The database has drifted: somebody has changed it by hand, and no migration says so. ' +
  'Undo it by hand, or change the models and say `makemigrations`. Against the files it has:'
