import type { ParseArgsConfig } from 'node:util'
import type { Tool } from '../tool.ts'

/** What was given on the command line: the options by name, and the words without a dash. */
export interface Given {
  readonly values: Readonly<
    Record<string, string | boolean | readonly (string | boolean)[] | undefined>
  >
  readonly words: readonly string[]
}

/** One command of the tool. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` prints below that line. */
  readonly help: string
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** How many words it takes besides its options. */
  readonly words: number
  /** @returns the exit code */
  run(tool: Tool, given: Given): number | Promise<number>
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The value of an option that is given at most once. */
export const textOf = ({ values }: Given, name: string) => values[name] as string | undefined

/** The values of an option that may be given again and again. */
export const textsOf = ({ values }: Given, name: string) =>
  (values[name] ?? []) as readonly string[]

export const isSet = ({ values }: Given, name: string) => values[name] === true

/** @throws {UsageError} when it is no number of seconds */
export function secondsOf(given: Given, name: string): number {
  const text = textOf(given, name) ?? '60'
  const seconds = Number(text)
  if (text.trim() !== '' && seconds >= 0) return seconds
  throw new UsageError(`--${name} takes a number of seconds, and got "${text}".`)
}
