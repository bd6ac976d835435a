import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { howToInstall, onPostgres } from './names.ts'
import type { Line } from './table.ts'
import { tableOf } from './table.ts'

/** The program of `npm run bench`: shared/workbook/bench.ts has read and checked the arguments. */
const { values } = parseArgs({
  options: {
    contenders: { type: 'string', default: '' },
    rounds: { type: 'string', default: '11' },
    json: { type: 'string' },
  },
})

const machine = machineLine()
console.log(`${machine}\n`)
const names = values.contenders.split(',')
const measured = new Map(names.map((name) => [name, measureAlone(name)]))
const isOnPostgres = (name: string) => name.endsWith(onPostgres)
const onSqlite = linesOf(names.filter((name) => !isOnPostgres(name)))
const overNetwork = linesOf(names.filter(isOnPostgres))
if (onSqlite.length > 0)
  console.log(`${tableOf(onSqlite)}

Each number is the time of the processor that the contender took, divided by that of raw better-sqlite3: 1.00 is as fast, 2.00
takes twice as long. Lower quartiles of ${values.rounds} rounds; each contender in a process of its own, alone with the raw driver.\n`)
if (overNetwork.length > 0)
  console.log(`${tableOf(overNetwork)}

On PostgreSQL, beside raw pg; the time on the wall, for the server does most of the work. A round trip is one query and its answer.\n`)
const missing = names.filter((name) => !measured.get(name))
if (missing.length > 0)
  console.log(`Not installed: ${missing.join(', ')}. To compare with them: ${howToInstall}`)
if (values.json) {
  const lines = { onSqlite, onPostgres: overNetwork }
  writeFileSync(
    values.json,
    `${JSON.stringify({ machine, date: new Date(), ...lines }, null, 2)}\n`,
  )
}

/** The raw driver, as it was measured beside the first contender, and then each of them. */
function linesOf(contenders: readonly string[]): Line[] {
  const pairs = contenders.flatMap((name) => measured.get(name) ?? [])
  return pairs.filter((_, i) => i === 0 || i % 2 === 1)
}

/**
 * Measures one contender beside the raw driver, in a process of its own: in one process they would share a heap and compiled code,
 * and the slowest would make the others slow.
 *
 * @returns the lines of both; undefined when it is not installed
 */
function measureAlone(name: string): Line[] | undefined {
  if (process.stderr.isTTY) process.stderr.write(`\r${name.padEnd(20)}\r`)
  const program = fileURLToPath(new URL('./one.ts', import.meta.url))
  const { status, stdout } = spawnSync(
    process.execPath,
    [...process.execArgv, program, name, values.rounds],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  )
  if (status !== 0) throw new Error(`${name} could not be measured; what it said stands above.`)
  return JSON.parse(stdout) ?? undefined
}

function machineLine(): string {
  const [cpu] = cpus()
  const date = new Date().toISOString().slice(0, 10)
  const load = loadavg()[0]?.toFixed(1)
  return `${date}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim()}, load ${load}`
}
