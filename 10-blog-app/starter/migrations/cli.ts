import { parseArgs } from 'node:util'
import { DatabaseError } from '#shared/driver/errors'
import { check } from './commands/check.ts'
import { type Command, type Given, UsageError } from './commands/command.ts'
import { inspectDatabase } from './commands/inspect.ts'
import { makeMigrations } from './commands/make-migrations.ts'
import { migrate } from './commands/migrate.ts'
import { rollback } from './commands/rollback.ts'
import { printSql } from './commands/sql.ts'
import { status } from './commands/status.ts'
import { type Project, type Settings, settingsOf } from './tool.ts'
import { MigrationError } from './tool-errors.ts'

const commands: Readonly<Record<string, Command>> = {
  makemigrations: makeMigrations,
  migrate,
  rollback,
  status,
  check,
  sql: printSql,
  inspect: inspectDatabase,
}

/**
 * The tool for one project: reads the command line, and does what it says.
 *
 * @returns the exit code: 0 all is well, 1 something is in the way or differs, 2 the command line is wrong
 *
 * @example
 * // migrations.ts of a project
 * process.exitCode = await manage(process.argv.slice(2), { database, registry, folder: 'migrations' })
 */
export async function manage(argv: readonly string[], project: Project): Promise<number> {
  const settings = settingsOf(project)
  try {
    return await runCommand(argv, settings)
  } catch (error) {
    return explain(error, settings)
  }
}

async function runCommand([name, ...rest]: readonly string[], settings: Settings): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') return overview(settings)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new UsageError(`There is no command "${name}".`)
  const given = read(rest, command)
  if (given.values.help) return help(name, command, settings)
  await using connection = await settings.database.connect()
  return await command.run({ ...settings, connection }, given)
}

function read(args: readonly string[], command: Command): Given {
  const options = { ...command.options, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (positionals.length > command.words)
    throw new UsageError(`"${positionals[command.words]}" is one word too many.`)
  return { values, words: positionals }
}

function overview({ print }: Settings): number {
  const rows = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(16)}${summary}`,
  )
  print(['Commands:', ...rows, '', 'Each of them explains itself with --help.'].join('\n'))
  return 0
}

function help(name: string, { summary, help: text }: Command, { print }: Settings): number {
  print(`${name}: ${summary}\n\n${text}`)
  return 0
}

/** What the tool knows is said in one message; anything else is a mistake of the program, and shows its stack. */
function explain(error: unknown, { warn }: Settings): number {
  if (error instanceof UsageError || isWrongArgument(error)) {
    warn(`${error.message}\nSay --help to see what there is.`)
    return 2
  }
  if (!(error instanceof MigrationError || error instanceof DatabaseError)) throw error
  warn(error.message)
  return 1
}

const isWrongArgument = (error: unknown): error is TypeError =>
  String((error as { code?: unknown })?.code).startsWith('ERR_PARSE_ARGS_')
