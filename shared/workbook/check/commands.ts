import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finished, runProgram } from '../child.ts'

/** The scripts of the course's package.json, by name. */
export function scriptsOf(root: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
}

/** The script that an npm command runs: `npm test -- 02` runs `test`. Undefined for npm's own, such as `npm install`. */
export function scriptName(words: readonly string[]): string | undefined {
  const [npm, command, script] = words
  if (npm !== 'npm') return undefined
  if (command === 'run') return script
  return command === 'start' || command === 'test' || command === 't' ? command : undefined
}

/**
 * Runs a command as it stands in a README, without a shell. An npm script is run by node itself:
 * what npm prints around it is none of ours, and npm is not a program on Windows.
 */
export function runScript(root: string, command: string, seconds = 120): Promise<Finished> {
  const [program = '', ...args] = resolveScript(root, wordsOf(command))
  return runProgram(program === 'node' ? process.execPath : program, args, { cwd: root, seconds })
}

function resolveScript(root: string, words: readonly string[]) {
  const name = scriptName(words)
  if (!name) return words
  const script = scriptsOf(root)[name]
  if (!script) throw new Error(`package.json has no script "${name}".`)
  const separator = words.indexOf('--')
  return [...wordsOf(script), ...(separator < 0 ? [] : words.slice(separator + 1))]
}

/** Splits at blanks; double quotes keep words together. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
