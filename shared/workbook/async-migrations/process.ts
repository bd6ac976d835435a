import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly output: string
}

/**
 * Runs `migrate` in a process of its own.
 *
 * @param killAt the process kills itself when it has sent this statement: no `finally` runs, as after a power cut
 */
export function migrateInProcess(folder: string, address: string, killAt = ''): Promise<Ended> {
  const program = fileURLToPath(new URL('./migrating-process.ts', import.meta.url))
  const execArgv = ['--import', import.meta.resolve('tsx'), '--conditions=solution']
  const child = fork(program, [folder, address, killAt], { execArgv, silent: true })
  const output: string[] = []
  child.stdout?.on('data', (chunk) => output.push(String(chunk)))
  child.stderr?.on('data', (chunk) => output.push(String(chunk)))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output: output.join('') }))
  })
}
