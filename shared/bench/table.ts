import type { Measured, Samples } from './measure.ts'
import type { RoundTrips } from './round-trips.ts'
import { identityHit, workloads } from './workloads.ts'

/** One line of a table; ratios are to the first contender, the raw driver. */
export interface Line {
  readonly name: string
  readonly gives: string
  /** Of the times below. */
  readonly ratios: Readonly<Record<string, number>>
  /** Of the quicker quarter of the rounds the slowest one: what else the machine does only ever adds to a time. */
  readonly microseconds: Readonly<Record<string, number>>
  readonly bytesPerObject: number | undefined
  readonly roundTrips: RoundTrips | undefined
}

/** Compares each contender with the first. */
export function compare(measured: readonly Measured[]): Line[] {
  const [base] = measured
  return measured.map(({ contender: { name, gives }, samples, bytesPerObject, roundTrips }) => ({
    name,
    gives,
    ratios: mapValues(samples, (own, workload) => {
      const others = base?.samples[workload]
      return others && quicker(own) / quicker(others)
    }),
    microseconds: mapValues(samples, quicker),
    bytesPerObject,
    roundTrips,
  }))
}

/** The table as Markdown, which a terminal shows as well as a page does. */
export function tableOf(lines: readonly Line[]): string {
  const names = workloads.map(({ name }) => name)
  const header = ['', ...names, `${identityHit.name} (µs)`, 'bytes an object']
  const base = lines[0] && [
    `${lines[0].name}, in µs`,
    ...names.map((name) => number(lines[0]?.microseconds[name])),
    '',
    '',
  ]
  const rows = lines.map(({ name, ratios, microseconds, bytesPerObject }) => [
    name,
    ...names.map((workload) => number(ratios[workload])),
    number(microseconds[identityHit.name]),
    String(bytesPerObject ?? ''),
  ])
  const trips = lines.flatMap(({ name, roundTrips }) =>
    roundTrips
      ? [[`${name}, round trips`, ...names.map((workload) => `${roundTrips[workload]}`), '', '']]
      : [],
  )
  return markdown([header, ...(base ? [base] : []), ...rows, ...trips])
}

function markdown([header = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

function quicker(values: Samples): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 2] ?? Number.NaN
}

const number = (value: number | undefined) =>
  value === undefined ? '–' : value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0)

function mapValues<V, R>(
  values: Readonly<Record<string, V>>,
  change: (value: V, key: string) => R | undefined,
): Record<string, R> {
  const entries = Object.entries(values).map(([key, value]) => [key, change(value, key)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, R>
}
