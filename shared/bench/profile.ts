import { Session } from 'node:inspector/promises'
import { parseArgs } from 'node:util'
import { type Stage, stages } from '../workbook/stages.ts'
import { asyncStage } from './contenders/async-stage.ts'
import { sessionStage } from './contenders/session-stage.ts'
import { sqliteSeed } from './data.ts'
import { firstAsync } from './names.ts'
import { type Workload, workloads } from './workloads.ts'

// Where the time of one workload goes, by file: node --expose-gc --single-threaded-gc --import tsx shared/bench/profile.ts --stage 09 --workload insert10k

const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: '09' },
    workload: { type: 'string', default: 'insert10k' },
    turns: { type: 'string', default: '40' },
  },
})

const stage = stages.find(({ number }) => number === values.stage) as Stage
const contender = stage.number < firstAsync ? sessionStage(stage) : asyncStage(stage)
const work = await contender.sqlite(sqliteSeed(undefined, contender.storedAs))
const workload = workloads.find(({ key }) => key === values.workload) as Workload
const inspector = new Session()
inspector.connect()
await inspector.post('Profiler.enable')
await inspector.post('Profiler.setSamplingInterval', { interval: 200 })

const turns: { start: number; end: number }[] = []
const microseconds = () => Number(process.hrtime.bigint() / 1000n)
for (let turn = -30; turn < Number(values.turns); turn++) {
  const action = (await workload.open(work))!
  globalThis.gc?.({ type: 'minor' })
  if (turn === 0) await inspector.post('Profiler.start')
  const start = microseconds()
  for (let i = 0; i < workload.times; i++) await action(i)
  if (turn >= 0) turns.push({ start, end: microseconds() })
  await workload.close?.(work)
}

const { profile } = await inspector.post('Profiler.stop')
const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]))
const times = new Map<string, number>()
let now = profile.startTime
for (const [i, id] of (profile.samples ?? []).entries()) {
  const took = profile.timeDeltas?.[i] ?? 0
  now += took
  // Only what is measured, and not what comes between.
  if (!turns.some(({ start, end }) => now >= start && now <= end)) continue
  const part = partOf(nodes.get(id)!)
  times.set(part, (times.get(part) ?? 0) + took)
}
const sum = [...times.values()].reduce((one, other) => one + other)
for (const [part, took] of [...times].sort(([, one], [, other]) => other - one).slice(0, 20))
  console.log(`${((100 * took) / sum).toFixed(1).padStart(5)} %  ${part}`)
process.exit()

/** What is compiled machine code belongs to no file: the driver's part in C++, and the collector of garbage. */
function partOf({ url, functionName }: { url: string; functionName: string }): string {
  if (functionName === '(garbage collector)') return 'garbage collection'
  if (/better-sqlite3/.test(url) || (!url && /^(run|all|get|raw)$/.test(functionName)))
    return 'SQLite'
  const file = url.match(/(?:solution|shared)\/(.*\.ts)/)?.[1]
  return file ?? functionName
}
