import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly output: string
}

export interface ProcessOptions {
  /** The process kills itself when it has sent this statement: no `finally` runs, as after a power cut. */
  readonly killAt?: string
}

/** Runs `migrate` in a process of its own: on a SQLite file, or on the PostgreSQL that a URL names. */
export function migrateInProcess(
  folder: string,
  database: string,
  { killAt = '' }: ProcessOptions = {},
): Promise<Ended> {
  const program = fileURLToPath(new URL('./migrating-process.ts', import.meta.url))
  const side = import.meta.resolve('#stage/07-migrations').includes('/solution/')
  const execArgv = ['--import', import.meta.resolve('tsx')]
  if (side) execArgv.push('--conditions=solution')
  const child = fork(program, [folder, database, killAt], { execArgv, silent: true })
  const output: string[] = []
  child.stdout?.on('data', (chunk) => output.push(String(chunk)))
  child.stderr?.on('data', (chunk) => output.push(String(chunk)))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output: output.join('') }))
  })
}
