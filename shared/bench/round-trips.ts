import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Work } from './contender.ts'
import { workloads } from './workloads.ts'

/** How often each workload goes to the server and waits for its answer, by its key. */
export type RoundTrips = Readonly<Record<string, number>>

/** Does each workload once, while a counter stands between the contender and the server. */
export async function roundTripsOf(work: Work, counter: Counter): Promise<RoundTrips> {
  const trips: Record<string, number> = {}
  for (const workload of workloads) {
    const action = await workload.open(work)
    const before = counter.roundTrips
    await action?.(0)
    trips[workload.key] = counter.roundTrips - before
    await workload.close?.(work)
  }
  return trips
}

/** Stands before a PostgreSQL server and counts, below whatever driver or ORM is in use. */
export interface Counter extends AsyncDisposable {
  /** The address of a server, by way of the counter. */
  readonly url: string
  /** So far: a client had nothing under way, and sent something that it waits for. */
  readonly roundTrips: number
}

export async function countRoundTrips(server: string): Promise<Counter> {
  const { hostname, port } = new URL(server)
  let roundTrips = 0
  const open = new Set<Socket>()
  const gate = createServer((client) => {
    const upstream = connect(Number(port || 5432), hostname)
    const pair = [client, upstream]
    for (const socket of pair) {
      socket.setNoDelay(true)
      open.add(socket)
      socket.on('error', () => pair.map((each) => each.destroy()))
      socket.on('close', () => pair.map((each) => each.destroy()))
    }
    // A question ends with Query or Sync, an answer with ReadyForQuery; the first message of a client is its greeting.
    let underWay = 1
    const asked = messages({ greets: true }, (type) => {
      if (type !== 'Q' && type !== 'S') return
      if (underWay === 0) roundTrips += 1
      underWay += 1
    })
    const answered = messages({ greets: false }, (type) => {
      if (type === 'Z') underWay -= 1
    })
    client.on('data', (bytes: Buffer) => {
      asked(bytes)
      upstream.write(bytes)
    })
    upstream.on('data', (bytes: Buffer) => {
      answered(bytes)
      client.write(bytes)
    })
  })
  gate.listen(0, '127.0.0.1')
  await once(gate, 'listening')
  const url = new URL(server)
  url.host = `127.0.0.1:${(gate.address() as AddressInfo).port}`
  return {
    url: url.href,
    get roundTrips() {
      return roundTrips
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      gate.close()
    },
  }
}

/**
 * Reads the types of PostgreSQL's messages out of a stream that is cut anywhere: a letter, then a length of four bytes that counts
 * itself, then so much content. A greeting has no letter.
 */
export function messages({ greets }: { greets: boolean }, see: (type: string) => void) {
  let rest = Buffer.alloc(0)
  let skip = 0
  let isGreeting = greets
  return (bytes: Buffer) => {
    const dropped = Math.min(skip, bytes.length)
    skip -= dropped
    rest = Buffer.concat([rest, bytes.subarray(dropped)])
    while (skip === 0 && rest.length >= (isGreeting ? 4 : 5)) {
      const length = rest.readInt32BE(isGreeting ? 0 : 1) + (isGreeting ? 0 : 1)
      if (!isGreeting) see(String.fromCharCode(rest[0] ?? 0))
      isGreeting = false
      skip = Math.max(0, length - rest.length)
      rest = rest.subarray(length)
    }
  }
}
