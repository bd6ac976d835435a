import { type ParseArgsConfig, parseArgs } from 'node:util'
import { HelpWanted, UsageError } from './usage.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * Reads a command line; an option that the command does not have becomes a message with the usage below it.
 *
 * @throws {UsageError}
 * @throws {HelpWanted} when --help is among the words
 */
export function readArguments<T extends Options>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
  if (argv.includes('--help') || argv.includes('-h')) throw new HelpWanted(usage)
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${firstSentence(error)}\n\n${usage}`)
  }
}

/** Node adds advice about positional arguments that helps nobody here. */
function firstSentence(error: unknown): string {
  const [sentence = ''] = (error as Error).message.split(/(?<=\.|')\s+(?=To specify|Use )/)
  return sentence.replace(/\.?$/, '.')
}
