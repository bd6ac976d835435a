import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * Reads a command line; an option that the command does not have becomes a message with the usage below it.
 *
 * @throws {UsageError}
 */
export function readArguments<T extends Options>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
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
