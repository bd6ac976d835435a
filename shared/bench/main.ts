import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { stages } from '../workbook/stages.ts'
import type { Contender } from './contender.ts'
import { handWritten } from './contenders/hand-written.ts'
import { raw } from './contenders/raw.ts'
import { recordStage } from './contenders/record-stage.ts'
import { sessionStage } from './contenders/session-stage.ts'
import { measure } from './measure.ts'
import { howToInstall, type PeerName } from './peer-names.ts'
import { openPeers } from './peers.ts'
import { compare, tableOf } from './table.ts'

/** The process of `npm run bench`: shared/workbook/bench.ts has read and checked the arguments. */
const { values } = parseArgs({
  options: {
    stages: { type: 'string', default: '' },
    peers: { type: 'string', default: '' },
    rounds: { type: 'string', default: '11' },
    json: { type: 'string' },
  },
})

const { found, missing } = await openPeers(listOf(values.peers) as PeerName[])
const own = listOf(values.stages).map(stageContender)
const machine = machineLine()
console.log(`${machine}\n`)
const measured = await measure([raw, handWritten, ...found, ...own], Number(values.rounds), tell)
const lines = compare(measured)
tell('')
console.log(`${tableOf(lines)}

Each number is the time that the contender took, divided by the time of raw better-sqlite3: 1.00 is as fast, 2.00 takes
twice as long. Lower quartiles of ${values.rounds} rounds.`)
if (missing.length > 0)
  console.log(`Not installed: ${missing.join(', ')}. To compare with them: ${howToInstall}`)
if (values.json) {
  writeFileSync(values.json, `${JSON.stringify({ machine, date: new Date(), lines }, null, 2)}\n`)
}

function stageContender(number: string): Contender {
  const stage = stages.find((one) => one.number === number)!
  return number === '04' ? recordStage(stage) : sessionStage(stage)
}

function listOf(text: string): string[] {
  return text.split(',').filter((name) => name !== '')
}

function machineLine(): string {
  const [cpu] = cpus()
  const load = loadavg()[0]?.toFixed(1)
  return `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim()}, load ${load}`
}

/** How far it is, on a line that is overwritten; nothing where nobody watches. */
function tell(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line.padEnd(20)}\r`)
}
