import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { AsyncConnection, AsyncDatabase } from '#shared/driver/async-driver'
import type { Registry } from '../mapping/registry.ts'
import { CancelledError } from './tool-errors.ts'

/** What the tool has to know of a project. A project says it once, in a program of its own. */
export interface Project {
  readonly database: AsyncDatabase
  /** The models: what the schema should be. */
  readonly registry: Registry
  /** The folder of the migrations. */
  readonly folder: string
  /** Where answers go, line by line; without it `console.log`. */
  readonly print?: (line: string) => void
  /** Where errors and warnings go, line by line; without it `console.error`. */
  readonly warn?: (line: string) => void
  /** Asks the person who sits there; undefined says that there is nobody. Without it the terminal is asked, if there is one. */
  readonly ask?: ((question: string) => Promise<string>) | undefined
  readonly now?: () => Date
}

/** A project with everything said. */
export interface Settings extends Required<Omit<Project, 'ask'>> {
  /** Undefined where there is nobody to ask. */
  readonly ask: ((question: string) => Promise<string>) | undefined
}

/** What a command works with. */
export interface Tool extends Settings {
  /** One for the whole command: a PRAGMA or a transaction means the connection on which it was sent. */
  readonly connection: AsyncConnection
}

export function settingsOf(project: Project): Settings {
  return {
    print: console.log,
    warn: console.error,
    now: () => new Date(),
    ask: process.stdin.isTTY && process.stdout.isTTY ? askTerminal : undefined,
    ...project,
  }
}

/** @throws {CancelledError} when the person leaves: Ctrl-C, Ctrl-D, or an input that ends */
async function askTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const left = once(terminal, 'close').then(cancel)
  try {
    return await Promise.race([terminal.question(`${question} `).catch(cancel), left])
  } finally {
    left.catch(() => {})
    terminal.close()
  }
}

function cancel(): never {
  throw new CancelledError()
}
