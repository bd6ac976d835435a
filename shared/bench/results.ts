import type { Growth } from './growth.ts'
import { median, type Times } from './measure.ts'
import { rawName } from './names.ts'
import type { RoundTrips } from './round-trips.ts'
import { identityHit, workloads } from './workloads.ts'

/** What one process found: microseconds, of the raw driver and of the contender beside it. */
export interface Measured {
  readonly raw: Times
  readonly own: Times
  readonly rawBytes: number | undefined
  readonly bytes: number | undefined
  readonly rawTrips?: RoundTrips | undefined
  readonly roundTrips?: RoundTrips | undefined
}

type ByName<T> = Readonly<Record<string, T>>

/** What was found on one database. The keys are names of contenders, and below them those of the workloads. */
export interface Part {
  /** Microseconds of the raw driver: the median of all processes. */
  readonly raw: Times
  /** How many times as long as the raw driver in the same process: the median of the processes. */
  readonly ratios: ByName<Times>
  /** The least and the most of the processes. */
  readonly spread: ByName<Readonly<Record<string, readonly [number, number]>>>
  /** In microseconds. */
  readonly identityHit: ByName<number>
  readonly bytesPerObject: ByName<number>
}

/** A whole run, as `--json` writes it. */
export interface Results extends Part {
  readonly date: string
  readonly machine: Machine
  readonly versions: ByName<string>
  /** Processes for each contender. */
  readonly rounds: number
  /** For which each process warms up, and measures then. */
  readonly seconds: number
  readonly minutes: number
  /** Who could not be measured, and why. */
  readonly missing: ByName<string>
  readonly postgres?: Part & {
    readonly version: string
    readonly roundTrips: ByName<RoundTrips>
  }
  readonly growth?: ByName<readonly Growth[]>
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly gigabytes: number
  readonly system: string
  readonly node: string
  /** The load of the machine before and behind the run: what else it did. */
  readonly load: readonly [number, number]
}

/** Sums up the processes of each contender, which come in the order of the table. */
export function partOf(processes: ReadonlyMap<string, readonly Measured[]>): Part {
  const all = [...processes.values()].flat()
  const keys = workloads.map(({ key }) => key)
  const raw = Object.fromEntries(keys.map((key) => [key, median(all.map((one) => one.raw[key]!))]))
  const ones = Object.fromEntries(keys.map((key) => [key, 1]))
  const ratios: Record<string, Times> = { [rawName]: ones }
  const spread: Record<string, Record<string, [number, number]>> = {}
  const hits: Record<string, number> = {}
  const bytes: Record<string, number> = {}
  note(
    bytes,
    rawName,
    all.map((one) => one.rawBytes),
  )
  for (const [name, own] of processes) {
    const ofEach = keys.map(
      (key) => [key, own.map((one) => one.own[key]! / one.raw[key]!)] as const,
    )
    ratios[name] = Object.fromEntries(ofEach.map(([key, values]) => [key, median(values)]))
    spread[name] = Object.fromEntries(
      ofEach.map(([key, values]) => [key, [Math.min(...values), Math.max(...values)]]),
    )
    note(
      hits,
      name,
      own.map((one) => one.own[identityHit.key]),
    )
    note(
      bytes,
      name,
      own.map((one) => one.bytes),
    )
  }
  return { raw, ratios, spread, identityHit: hits, bytesPerObject: bytes }
}

/** Not everybody has an identity map. */
function note(into: Record<string, number>, name: string, values: readonly (number | undefined)[]) {
  const known = values.filter((value) => value !== undefined)
  if (known.length > 0) into[name] = median(known)
}

/** A question goes to the server as often in every process, so one process tells it. */
export function roundTripsIn(
  processes: ReadonlyMap<string, readonly Measured[]>,
): Record<string, RoundTrips> {
  const [first] = [...processes.values()].flat()
  const counted = [...processes].map(([name, [one]]) => [name, one?.roundTrips ?? {}] as const)
  return { [rawName]: first?.rawTrips ?? {}, ...Object.fromEntries(counted) }
}

/** What the finished ORM of the course promises. */
export const targets: Times = {
  findByPk: 2,
  load10k: 1,
  list20: 1.5,
  insert10k: 1.5,
  update1k: 2.5,
  eager200x10: 1,
}
