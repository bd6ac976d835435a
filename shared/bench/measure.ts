import type { Work } from './contender.ts'
import { identityHit, type Workload, workloads } from './workloads.ts'

/** What a process found out about one contender: microseconds for each workload, by its key; one that it cannot do is missing. */
export type Times = Readonly<Record<string, number>>

/**
 * What is counted: the time of the processor, where all work is done by this process: while others have the processor nothing is
 * counted. The time on the wall, where a server does its part.
 */
export type Clock = 'processor' | 'wall'

export interface Pace {
  /** How long it is warmed up, and how long it is measured then. */
  readonly seconds: number
  readonly clock: Clock
}

interface Entrant {
  readonly work: Work
  readonly samples: Map<Workload, number[]>
}

/**
 * Measures everybody with every workload, after a warm-up. In each turn all of them have their go, in changing order, so that whatever
 * else the machine does hits all of them alike.
 *
 * @returns the median of each one's turns
 */
export async function measure(works: readonly Work[], { seconds, clock }: Pace): Promise<Times[]> {
  const warming = works.map(enter)
  await turns(warming, { seconds, clock, least: Math.ceil(seconds), most: 30 })
  const entrants = works.map(enter)
  await turns(entrants, { seconds, clock, least: Math.ceil(seconds), most: 25 })
  return entrants.map(({ samples }) => timesOf(samples))
}

const enter = (work: Work): Entrant => ({ work, samples: new Map() })

const timesOf = (samples: Entrant['samples']): Times =>
  Object.fromEntries(Array.from(samples, ([{ key }, turns]) => [key, median(turns)]))

interface Turns extends Pace {
  readonly least: number
  readonly most: number
}

/** As many turns as the time allows: who is slow has fewer of them, but does as much in each. */
async function turns(entrants: readonly Entrant[], { seconds, clock, least, most }: Turns) {
  // The same clock: on a busy machine the one on the wall would end a warm-up that has hardly begun.
  const now = clock === 'wall' ? wallTime : processorTime
  const start = now()
  for (let turn = 0; turn < most; turn++) {
    if (turn >= least && now() - start > seconds * 1e6) return
    for (const workload of [...workloads, identityHit])
      for (const entrant of inTurn(entrants, turn)) await takeTurn(entrant, workload, turn, clock)
  }
}

/** Who follows whom must not stay the same: the one behind a messy neighbour would always pay. */
function inTurn<T>(list: readonly T[], turn: number): T[] {
  const start = turn % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

async function takeTurn(
  { work, samples }: Entrant,
  workload: Workload,
  turn: number,
  clock: Clock,
) {
  const action = await workload.open(work)
  if (!action) return
  sweep()
  const microseconds = await time(action, workload.times, turn * workload.times, clock)
  await workload.close?.(work)
  samples.set(workload, [...(samples.get(workload) ?? []), microseconds])
}

/**
 * Nobody pays for the rubbish of the one before. Only the young objects: collecting all of them also throws away machine code
 * that was compiled for objects of which there is none just now, which no running program has to bear.
 */
function sweep(): void {
  globalThis.gc?.({ type: 'minor' })
}

/**
 * Microseconds for each time. An `await` costs as much as a small query, so only who gives something to wait for is awaited:
 * a promise, or a query that begins when it is awaited.
 */
export async function time(
  action: (i: number) => unknown,
  times: number,
  first: number,
  clock: Clock,
): Promise<number> {
  const now = clock === 'wall' ? wallTime : processorTime
  const start = now()
  const result = action(first)
  if (isLater(result)) {
    await result
    for (let i = first + 1; i < first + times; i++) await action(i)
  } else for (let i = first + 1; i < first + times; i++) action(i)
  return (now() - start) / times
}

const isLater = (result: unknown): boolean =>
  typeof (result as { then?: unknown } | null | undefined)?.then === 'function'

const wallTime = (): number => performance.now() * 1000

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Bytes that a loaded object takes, with all that belongs to it. Without `--expose-gc` nobody can tell what is rubbish. */
export async function bytesPerObject(work: Work): Promise<number | undefined> {
  if (!globalThis.gc) return undefined
  const before = heapInUse()
  const objects = await work.loadAll()
  return Math.round((heapInUse() - before) / objects.length)
}

/** Twice: what the first collection finds dead may hold something that only the second can free. */
function heapInUse(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
