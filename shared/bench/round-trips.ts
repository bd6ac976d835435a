import pg from 'pg'
import type { Work } from './contender.ts'
import { workloads } from './workloads.ts'

/** How often each workload goes to the server and waits for its answer, by name. */
export type RoundTrips = Readonly<Record<string, number>>

/** Does each workload once and counts: `pg` sends each query alone, so each is one round trip, and so are BEGIN and COMMIT. */
export async function roundTripsOf(work: Work): Promise<RoundTrips> {
  const trips: Record<string, number> = {}
  for (const workload of workloads) {
    const action = await workload.open(work)
    if (action) trips[workload.name] = await count(() => action(0))
    await workload.close?.(work)
  }
  return trips
}

async function count(action: () => unknown): Promise<number> {
  const { query } = pg.Client.prototype
  let queries = 0
  pg.Client.prototype.query = function counted(this: pg.Client, ...args: never[]) {
    queries += 1
    return Reflect.apply(query, this, args)
  } as typeof query
  try {
    await action()
  } finally {
    pg.Client.prototype.query = query
  }
  return queries
}
