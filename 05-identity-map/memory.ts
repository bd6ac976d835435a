/** What a session holds, strong and weak: node --expose-gc --import tsx 05-identity-map/memory.ts */

import { setImmediate } from 'node:timers/promises'
import { openSqlite } from '#shared/driver/sqlite'
import { entity, Registry, Session, t } from '#stage/05-identity-map'

const rows = Number(process.argv[2] ?? 200_000)
const registry = new Registry()

class Tag extends entity('tags', { id: t.integer().primaryKey(), name: t.text() }, { registry }) {}

const db = openSqlite()
registry.createAll(db)
db.run(
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO tags SELECT i, 'tag ' || i FROM n",
  [rows],
)

if (!globalThis.gc) throw new Error('Nothing can be measured without node --expose-gc.')
await readAll('strong') // warms up
console.table([await readAll('strong'), await readAll('weak')])

/** Goes through the whole table once, and lets every object go. */
async function readAll(identity: 'strong' | 'weak') {
  const session = new Session(db, { identity })
  const before = await heap()
  let milliseconds = 0
  let start = performance.now()
  let peak = before
  let seen = 0
  for (const tags of session.query(Tag).inBatches(1000)) {
    seen += tags.length
    // The end of a turn: earlier no object may go that was seen through a WeakRef.
    await setImmediate()
    milliseconds += performance.now() - start
    if (seen % 20_000 === 0) peak = Math.max(peak, await heap())
    start = performance.now()
  }
  const end = await heap()
  const found = hit(session)
  return {
    identity,
    'rows read': seen,
    'MB at most': megabytes(peak - before),
    'MB at the end': megabytes(end - before),
    ms: Math.round(milliseconds),
    'find that hits, ns': found,
  }
}

/** What it costs to find what is there. */
function hit(session: Session): number {
  const rounds = 100_000
  const held = session.get(Tag, 1)
  const start = performance.now()
  for (let i = 0; i < rounds; i++) session.find(Tag, 1)
  const nanoseconds = ((performance.now() - start) / rounds) * 1e6
  return held.id === 1 ? Math.round(nanoseconds) : Number.NaN
}

async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await setImmediate()
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
