import type { Contender, Work } from './contender.ts'
import { type RoundTrips, roundTripsOf } from './round-trips.ts'
import { identityHit, type Workload, workloads } from './workloads.ts'

/** What one contender took for one workload: microseconds each time, one number for every round. */
export type Samples = readonly number[]

export interface Measured {
  readonly contender: Contender
  /** By the name of the workload; one that it cannot do is missing. */
  readonly samples: Readonly<Record<string, Samples>>
  /** Bytes that one of 10,000 loaded objects takes, with all that belongs to it. */
  readonly bytesPerObject: number | undefined
  /** On a network. */
  readonly roundTrips: RoundTrips | undefined
}

/**
 * What is counted: the time of the processor, where all work is done by this process: while others have the processor nothing is
 * counted. The time on the wall, where a server does its part.
 */
export type Clock = 'processor' | 'wall'

interface Entrant {
  readonly contender: Contender
  readonly work: Work
  readonly samples: Record<string, number[]>
}

/**
 * Measures every contender with every workload. In each round all of them take their turn, in changing order, so that whatever
 * else the machine does hits all of them alike; the rounds of the warm-up are thrown away.
 */
export async function measure(
  contenders: readonly Contender[],
  rounds: number,
  clock: Clock,
): Promise<Measured[]> {
  const all = [...workloads, identityHit]
  const entrants: Entrant[] = []
  for (const contender of contenders) entrants.push(await enter(contender, all))
  for (let round = -warmUpOf(rounds, clock); round < rounds; round++) {
    for (const workload of all)
      for (const entrant of turned(entrants, round)) await takeTurn(entrant, workload, round, clock)
  }
  const measured: Measured[] = []
  for (const { contender, work, samples } of entrants) {
    const roundTrips = clock === 'wall' ? await roundTripsOf(work) : undefined
    measured.push({ contender, samples, bytesPerObject: await bytesPerObject(work), roundTrips })
  }
  for (const { work } of entrants) await work.close()
  return measured
}

/** A server is warm: what runs often is compiled machine code by then. */
const warmUpOf = (rounds: number, clock: Clock): number =>
  Math.min(3 * rounds, clock === 'wall' ? 10 : 30)

async function enter(contender: Contender, all: readonly Workload[]): Promise<Entrant> {
  const work = await contender.open()
  for (const workload of all) await workload.check(work)
  return { contender, work, samples: {} }
}

/** Who follows whom must not stay the same: the one behind a messy neighbour would always pay. */
function turned<T>(list: readonly T[], round: number): T[] {
  const start = Math.abs(round) % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

async function takeTurn(
  { work, samples }: Entrant,
  workload: Workload,
  round: number,
  clock: Clock,
) {
  const action = await workload.open(work)
  if (!action) return
  sweep()
  const microseconds = await time(
    action,
    workload.times,
    Math.max(0, round) * workload.times,
    clock,
  )
  await workload.close?.(work)
  if (round < 0) return
  samples[workload.name] ??= []
  samples[workload.name]?.push(microseconds)
}

/**
 * Nobody pays for the rubbish of the one before. Only the young objects: collecting all of them also throws away machine code
 * that was compiled for objects of which there is none just now, which no running program has to bear.
 */
function sweep(): void {
  globalThis.gc?.({ type: 'minor' })
}

/** Microseconds for each time. An `await` costs as much as a small query, so only what gives a promise is awaited. */
async function time(
  action: (i: number) => unknown,
  times: number,
  first: number,
  clock: Clock,
): Promise<number> {
  const now = clock === 'wall' ? wallTime : processorTime
  const start = now()
  for (let i = first; i < first + times; i++) {
    const result = action(i)
    if (result instanceof Promise) await result
  }
  return (now() - start) / times
}

const wallTime = (): number => performance.now() * 1000

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Without `--expose-gc` nobody can tell what is rubbish. */
async function bytesPerObject(work: Work): Promise<number | undefined> {
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
