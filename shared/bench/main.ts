import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { howToInstall } from './peer-names.ts'
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
const [first] = [...measured.values()].filter((lines) => lines !== undefined)
const lines = [
  ...(first?.slice(0, 1) ?? []),
  ...[...measured.values()].flatMap((one) => one?.[1] ?? []),
]
console.log(`${tableOf(lines)}

Each number is the time that the contender took, divided by the time of raw better-sqlite3: 1.00 is as fast, 2.00 takes
twice as long. Lower quartiles of ${values.rounds} rounds; each contender in a process of its own, alone with the raw driver.`)
const missing = names.filter((name) => !measured.get(name))
if (missing.length > 0)
  console.log(`Not installed: ${missing.join(', ')}. To compare with them: ${howToInstall}`)
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ machine, date: new Date(), lines }, null, 2)}\n`)

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
