import { sizes } from '../growth.ts'
import type { Times } from '../measure.ts'
import { rawName } from '../names.ts'
import { type Part, type Results, targets } from '../results.ts'
import type { RoundTrips } from '../round-trips.ts'
import { identityHit, workloads } from '../workloads.ts'

const keys = workloads.map(({ key }) => key)
const titles = workloads.map(({ title }) => title)

/** The ratios as Markdown, which a terminal shows as well as a page does. */
export function ratiosTable(part: Part, driver: string): string {
  const header = ['', ...titles, `${identityHit.title} (µs)`, 'bytes an object']
  const base = [`${driver}, in µs`, ...cells(part.raw), '', '']
  const rows = Object.entries(part.ratios).map(([name, ratios]) => [
    name,
    ...cells(ratios),
    short(part.identityHit[name]),
    whole(part.bytesPerObject[name]),
  ])
  return markdown([header, base, ...rows])
}

/** What the course promises beside what the newest stage does. */
export function targetsTable({ ratios }: Part, stage: string): string {
  const promised = workloads.filter(({ key }) => key in targets)
  const own = ratios[stage] ?? {}
  const isMet = (key: string) => round(own[key]!) <= targets[key]!
  return markdown([
    ['', ...promised.map(({ title }) => title)],
    ['promised', ...promised.map(({ key }) => `≤ ${short(targets[key])}`)],
    [stage, ...promised.map(({ key }) => short(own[key]))],
    ['', ...promised.map(({ key }) => (isMet(key) ? 'met' : 'missed'))],
  ])
}

/** A target is compared with the number that the table shows. */
const round = (value: number): number => Number(short(value))

export function roundTripsTable(roundTrips: Readonly<Record<string, RoundTrips>>): string {
  const rows = Object.entries(roundTrips).map(([name, trips]) => [
    name,
    ...keys.map((key) => whole(trips[key])),
  ])
  return markdown([['', ...titles], ...rows])
}

/** Microseconds for each row, and what one object takes: a straight line stays the same from left to right. */
export function growthTable(growth: NonNullable<Results['growth']>): string {
  const header = ['', ...sizes.map(thousands), 'bytes an object']
  const rows = Object.entries(growth).map(([name, points]) => {
    const of = (size: number) => points.find(({ rows }) => rows === size)
    // Of the largest table: in a small one, what else moves in memory counts.
    const bytes = whole(points.at(-1)?.bytesPerObject)
    return [name, ...sizes.map((size) => short(of(size)?.microsecondsPerRow)), bytes]
  })
  return markdown([header, ...rows])
}

/** When, where, and what else the machine did. */
export function runLine({ date, machine, rounds, seconds, minutes }: Results): string {
  const { cpu, cores, gigabytes, system, node, load } = machine
  return (
    `${date}, Node ${node}, ${system}, ${cores} × ${cpu}, ${gigabytes} GB, load ${load[0]} before and ${load[1]} behind; ` +
    `${rounds} ${rounds === 1 ? 'process' : 'processes'} for each contender, ${seconds} s of warm-up and ${seconds} s of measuring; ` +
    `the whole run took ${minutes} minutes.`
  )
}

export const versionsLine = (versions: Results['versions']): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')

const cells = (times: Times): string[] => keys.map((key) => short(times[key]))

const thousands = (count: number): string => count.toLocaleString('en-US')

/** Three digits say what there is to say. */
export const short = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value)
    ? '–'
    : value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)

const whole = (value: number | undefined): string =>
  value === undefined ? '–' : thousands(Math.round(value))

function markdown([header = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = header.map((_, i) =>
    Math.max(3, ...[header, ...rows].map((row) => row[i]!.length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

/** Everything, for the terminal. */
export function report(results: Results): string {
  const { postgres, growth, missing } = results
  return [
    ...(Object.keys(results.spread).length > 0
      ? [
          `SQLite in memory: ${rawName} is better-sqlite3 with prepared statements`,
          ratiosTable(results, 'better-sqlite3'),
        ]
      : []),
    ...(postgres
      ? [
          `PostgreSQL ${postgres.version}: ${rawName} is pg`,
          ratiosTable(postgres, 'pg'),
          'Round trips to PostgreSQL',
          roundTripsTable(postgres.roundTrips),
        ]
      : []),
    ...(growth ? ['All rows of a table as objects: microseconds a row', growthTable(growth)] : []),
    ...Object.entries(missing).map(([name, why]) => `Without ${name}: ${why}`),
    runLine(results),
  ].join('\n\n')
}
