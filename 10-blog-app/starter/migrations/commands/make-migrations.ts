import { answersTo } from '../answers.ts'
import { diff } from '../diff.ts'
import { writeMigration } from '../folder.ts'
import { headsOf, type Progress } from '../history.ts'
import { liveSchema } from '../live-schema.ts'
import { formatMigration, type Migration, type Part } from '../migration-file.ts'
import { migrationName, summaryOf } from '../migration-name.ts'
import {
  type ColumnChange,
  columnOf,
  describeOperation,
  type Operation,
  reverse,
} from '../operations.ts'
import { needApplied, needOrder, needWhole } from '../plan.ts'
import { emptySchema, type Schema } from '../schema.ts'
import { schemaAfter } from '../schema-after.ts'
import { schemaOf } from '../schema-of.ts'
import { statements } from '../statements.ts'
import type { Tool } from '../tool.ts'
import { type Warning, warnings } from '../warnings.ts'
import { readProgress } from './apply.ts'
import { type Command, type Given, isSet, textOf, textsOf, UsageError } from './command.ts'

export const makeMigrations: Command = {
  summary: 'compares the models with the database, and writes what differs as a migration',
  help: `  --name WORDS            names the file, in place of a name made from the changes
  --dry-run               prints the file, and writes none
  --rename OLD:NEW        users:people renames a table, users.name:full_name a column
  --no-renames            nothing was renamed: what is gone is dropped, what is new is added
  --backfill COLUMN=SQL   users.email="'unknown'": what rows get that are there already
  --initial               begins with an empty schema: for a database that has its tables already
  --empty                 writes a file without statements, for changes of rows
  --merge                 joins the two ends of a forked history`,
  options: {
    name: { type: 'string' },
    'dry-run': { type: 'boolean' },
    rename: { type: 'string', multiple: true },
    'no-renames': { type: 'boolean' },
    backfill: { type: 'string', multiple: true },
    initial: { type: 'boolean' },
    empty: { type: 'boolean' },
    merge: { type: 'boolean' },
  },
  words: 0,
  async run(tool, given) {
    const progress = await readProgress(tool)
    if (isSet(given, 'merge')) return merge(tool, progress, given)
    needOrder(progress)
    if (isSet(given, 'empty')) return write(tool, progress, given, 'change rows', nothing)
    const before = await startingPoint(tool, progress, given)
    return await compare(tool, progress, given, before)
  },
}

async function compare(tool: Tool, progress: Progress, given: Given, before: Schema) {
  tool.print('Detecting model changes...')
  const after = schemaOf(tool.registry, tool.connection.dialect)
  const operations = diff(before, after, await answersTo(before, after, answersOf(given), tool))
  needUsed(given, operations)
  if (operations.length === 0) {
    tool.print(isUnknown(progress, before) ? unknown : 'No changes.')
    return 0
  }
  for (const operation of operations) tool.print(`- ${describeOperation(operation)}`)
  return write(tool, progress, given, summaryOf(operations), bothParts(tool, operations, before))
}

/** A database that has all its tables, and no history. */
const isUnknown = ({ migrations }: Progress, before: Schema) =>
  migrations.length === 0 && before.tables.length > 0

const unknown =
  'No changes: this database has the tables already, and there are no migrations. ' +
  '`makemigrations --initial` writes the first one, and `migrate --fake` notes that it is applied.'

/** The other way to know it: run the files in an empty database. `check` does that, to find out who has changed. */
async function startingPoint(tool: Tool, progress: Progress, given: Given): Promise<Schema> {
  if (isSet(given, 'initial') && progress.migrations.length > 0)
    throw new UsageError('--initial is for a project without migrations, and there are some.')
  if (isSet(given, 'initial')) return emptySchema(tool.connection.dialect)
  needApplied(progress)
  return await liveSchema(tool)
}

type Parts = Pick<Migration, 'up' | 'down'>

function bothParts(tool: Tool, operations: readonly Operation[], before: Schema): Parts {
  const { dialect } = tool.connection
  const back = reverse(operations)
  const after = schemaAfter(before, operations)
  const found = warnings(operations, before, dialect)
  for (const { text, instead } of found) tool.warn(`Careful: ${text} ${instead}`)
  return {
    up: partOf(statements(operations, before, dialect), found),
    down: partOf(statements(back, after, dialect), warnings(back, after, dialect)),
  }
}

const partOf = (sql: readonly string[], found: readonly Warning[]): Part => ({
  statements: sql,
  losses: found.flatMap(({ kind, text }) => (kind === 'data loss' ? text : [])),
  locks: found.flatMap(({ kind, text, instead }) => (kind === 'lock' ? `${text} ${instead}` : [])),
})

function merge(tool: Tool, progress: Progress, given: Given): number {
  needWhole(progress)
  if (headsOf(progress.migrations).length > 1) return write(tool, progress, given, 'merge', nothing)
  tool.print('There is nothing to merge: the history has one end.')
  return 0
}

const empty: Part = { statements: [], losses: [], locks: [] }

const nothing: Parts = { up: empty, down: empty }

function write(tool: Tool, progress: Progress, given: Given, what: string, parts: Parts): number {
  const names = progress.migrations.map(({ name }) => name)
  const name = migrationName(names, textOf(given, 'name') ?? what)
  const after = headsOf(progress.migrations).map((head) => head.name)
  const text = formatMigration({ after, isTransactional: true, ...parts })
  if (isSet(given, 'dry-run')) tool.print(`Would be ${name}.sql:\n\n${text}`)
  else {
    writeMigration(tool.folder, name, text)
    tool.print(`Generated new migration: ${name}.sql`)
  }
  return 0
}

function answersOf(given: Given) {
  const backfills = Object.fromEntries(textsOf(given, 'backfill').map(backfillOf))
  return { renames: textsOf(given, 'rename'), noRenames: isSet(given, 'no-renames'), backfills }
}

/** An answer to a question that nobody asks is a slip of the pen. */
function needUsed(given: Given, operations: readonly Operation[]): void {
  const filled = operations.filter(changesColumn).map(columnOf)
  const [stray] = Object.keys(answersOf(given).backfills).filter((one) => !filled.includes(one))
  if (stray !== undefined)
    throw new UsageError(
      `--backfill ${stray}: no column of this name is added, changed or dropped. There are: ${filled.join(', ') || 'none'}.`,
    )
}

/** The rows need a value for a dropped column too: when it is brought back. */
const changesColumn = (operation: Operation): operation is ColumnChange =>
  ['add column', 'alter column', 'drop column'].includes(operation.kind)

function backfillOf(text: string): [column: string, sql: string] {
  const [, column, sql] = /^([^=]+?)\s*=\s*(.+)$/s.exec(text) ?? []
  if (column && sql) return [column, sql]
  throw new UsageError(`--backfill takes COLUMN=SQL, such as users.age=0, and got "${text}".`)
}
