import { availableParallelism, cpus, loadavg } from 'node:os'
import type { LoadOptions, Measured } from './measure.ts'

/** The figures as a table for people, and how the blog compares with what was written by hand. */
export function reportOf(measured: readonly Measured[], options: LoadOptions): string {
  const rows = [head, ...measured.map(rowOf)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  '),
  )
  return [machine(options), '', ...lines, '', ...comparison(measured)].join('\n')
}

/** How much what is kept may grow, in bytes: code that is compiled and caches that fill take a little, a leak takes all there is. */
const allowedGrowth = 10 * 2 ** 20

/** What must not happen under load, in sentences. */
export function wrongWith({ name, statuses, unanswered, kept }: Measured): string[] {
  const bad = Object.entries(statuses).filter(([status]) => !status.startsWith('2'))
  const growth = kept.after.heapUsed - kept.before.heapUsed
  return [
    ...bad.map(([status, count]) => `${name}: ${count} answers were ${status}.`),
    ...(unanswered > 0 ? [`${name}: ${unanswered} requests were never answered.`] : []),
    ...(growth > allowedGrowth ? [`${name}: the heap has grown by ${megabytes(growth)}.`] : []),
  ]
}

const head = [
  '',
  'requests/s',
  'p50',
  'p99',
  'slowest',
  'CPU each',
  'requests',
  'not 2xx',
  'heap kept',
  'memory',
]

const rowOf = (one: Measured): string[] => [
  one.name,
  Math.round(one.requestsPerSecond).toLocaleString('en'),
  `${one.p50} ms`,
  `${one.p99} ms`,
  `${Math.round(one.slowest)} ms`,
  `${one.cpu.toFixed(2)} ms`,
  one.requests.toLocaleString('en'),
  String(notGood(one)),
  `${megabytes(one.kept.before.heapUsed)} → ${megabytes(one.kept.after.heapUsed)}`,
  `${megabytes(one.kept.before.rss)} → ${megabytes(one.kept.after.rss)}, most ${megabytes(one.mostMemory)}`,
]

const notGood = ({ statuses, unanswered }: Measured) =>
  Object.entries(statuses).reduce(
    (sum, [status, count]) => (status.startsWith('2') ? sum : sum + count),
    unanswered,
  )

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`

function comparison(measured: readonly Measured[]): string[] {
  const blog = measured.find(({ name }) => name === 'PostgreSQL, the blog')
  const hand = measured.filter(({ name }) => name.includes('by hand'))
  if (!blog) return []
  return hand.map((raw) => {
    const times = (raw.requestsPerSecond / blog.requestsPerSecond).toFixed(2)
    const later = (blog.p50 / raw.p50).toFixed(2)
    const work = (blog.cpu / raw.cpu).toFixed(2)
    return `The blog beside ${raw.name}: ${times} × the time for as many requests, ${later} × the time for one (p50), ${work} × the work of the processor.`
  })
}

function machine({ connections, seconds }: LoadOptions): string {
  const cpu = cpus()[0]?.model.trim()
  return (
    `${connections} connections, ${seconds} s each, four readings to one writing. ` +
    `Node ${process.versions.node}, ${availableParallelism()} × ${cpu}, load of the machine at the end ${loadavg()[0]!.toFixed(1)}`
  )
}
