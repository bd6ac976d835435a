import autocannon, { type Result } from 'autocannon'
import { mixOf } from './mix.ts'
import type { ServerProcess, Usage } from './server-process.ts'

export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
  /** Seconds before the measured ones: the code is compiled, the pool is full, the caches are warm. */
  readonly warmUp: number
  /** In whose names the requests are made. */
  readonly tokens: readonly string[]
}

export interface Measured {
  readonly name: string
  readonly requestsPerSecond: number
  readonly requests: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly slowest: number
  /** Answers by status: `{ 200: 51234, 201: 2701 }`. */
  readonly statuses: Readonly<Record<string, number>>
  /** Requests that were never answered. */
  readonly unanswered: number
  /** What was kept after the warm-up, and at the end. */
  readonly kept: { readonly before: Usage; readonly after: Usage }
  /** The most memory that the system has given to the process, looked at once a second. */
  readonly mostMemory: number
  /** How long a request keeps the processor of the server busy, in milliseconds. The database and the load are not in it. */
  readonly cpu: number
}

/** Fires the mix at a server, and looks at its memory meanwhile. */
export async function measure(
  name: string,
  server: ServerProcess,
  options: LoadOptions,
): Promise<Measured> {
  await fire(server.url, options, options.warmUp)
  const before = await server.kept()
  const watch = watchMemory(server)
  const result = await fire(server.url, options, options.seconds)
  const { mostMemory, last } = await watch.end()
  const after = await server.kept()
  const cpu = (last.cpu - before.cpu) / result.requests.total
  return { name, ...figuresOf(result), kept: { before, after }, mostMemory, cpu }
}

const fire = (url: string, { connections, tokens }: LoadOptions, duration: number) =>
  autocannon({
    url,
    connections,
    duration,
    headers: { 'content-type': 'application/json' },
    requests: mixOf(tokens),
  })

function figuresOf({ requests, latency, statusCodeStats = {}, errors, timeouts }: Result) {
  const statuses = Object.entries(statusCodeStats).map(([status, { count }]) => [status, count])
  return {
    requestsPerSecond: requests.average,
    requests: requests.total,
    p50: latency.p50,
    p99: latency.p99,
    slowest: latency.max,
    statuses: Object.fromEntries(statuses) as Record<string, number>,
    unanswered: errors + timeouts,
  }
}

/** Looks once a second, and at the end. */
function watchMemory(server: ServerProcess) {
  let mostMemory = 0
  const look = async () => {
    const usage = await server.usage()
    mostMemory = Math.max(mostMemory, usage.rss)
    return usage
  }
  let looking = look()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, 1000)
  return {
    async end() {
      clearInterval(timer)
      await looking
      const last = await look()
      return { mostMemory, last }
    },
  }
}
