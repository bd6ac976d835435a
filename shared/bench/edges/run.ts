import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { cases } from '../../workbook/conformance/cases.ts'
import type { Told } from './tell.ts'

/** What one ORM said on one database. */
export interface Sheet {
  readonly name: string
  readonly database: 'sqlite' | 'postgres'
  readonly versions: readonly string[]
  readonly cells: ReadonlyMap<string, Told>
}

const limit = 120_000

/**
 * Asks one ORM all cases, in a process of its own. Where a case ends the process, or does not end, another one goes on with the next.
 *
 * @returns undefined when it is not installed, or has no way to this database
 */
export async function ask(
  name: string,
  database: Sheet['database'],
  server: string,
): Promise<Sheet | undefined> {
  const cells = new Map<string, Told>()
  let versions: readonly string[] = []
  for (;;) {
    const left = cases.map(({ id }) => id).filter((id) => !cells.has(id))
    if (left.length === 0) return { name, database, versions, cells }
    const process = await part([name, database, server, left.join()], cells)
    if (process.isMissing) return undefined
    versions = process.versions
  }
}

interface Part {
  isMissing: boolean
  versions: readonly string[]
}

/** One process. It tells when a case begins and when it ends. */
async function part(args: readonly string[], cells: Map<string, Told>): Promise<Part> {
  const result: Part = { isMissing: false, versions: [] }
  let running: string | undefined
  let isLate = false
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Far from UTC, and with summer time.
    env: { ...process.env, TZ: 'America/New_York' },
  })
  const kill = () => {
    isLate = true
    child.kill('SIGKILL')
  }
  let timer = setTimeout(kill, limit)
  let complaints = ''
  child.stderr.on('data', (text) => {
    complaints = `${complaints}${text}`.slice(-4000)
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('@{')) continue
    const { begins, id, missing, versions, ...told } = JSON.parse(line.slice(1))
    clearTimeout(timer)
    timer = setTimeout(kill, limit)
    if (missing) result.isMissing = true
    else if (versions) result.versions = versions
    else if (begins) running = begins
    else {
      cells.set(id, told)
      running = undefined
    }
  }
  clearTimeout(timer)
  if (running)
    cells.set(running, { kind: 'crash', said: isLate ? 'does not end' : lastOf(complaints) })
  else if (!result.isMissing && result.versions.length === 0 && cells.size === 0 && complaints)
    throw new Error(`${args[0]} could not be asked:\n${complaints}`)
  return result
}

const program = fileURLToPath(new URL('./one.ts', import.meta.url))

const lastOf = (text: string) =>
  `ends the process: ${
    text
      .split('\n')
      .find((line) => /Error|error/.test(line))
      ?.trim()
      .slice(0, 90) ?? ''
  }`
