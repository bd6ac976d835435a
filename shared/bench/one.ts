import { parseArgs } from 'node:util'
import { type Stage, stages } from '../workbook/stages.ts'
import type { Contender, RemoteWork, Work } from './contender.ts'
import { asyncStage } from './contenders/async-stage.ts'
import { handWritten } from './contenders/hand-written.ts'
import { raw } from './contenders/raw.ts'
import { rawPg } from './contenders/raw-pg.ts'
import { recordStage } from './contenders/record-stage.ts'
import { sessionStage } from './contenders/session-stage.ts'
import { sqliteSeed } from './data.ts'
import { growthOf } from './growth.ts'
import { bytesPerObject, measure } from './measure.ts'
import { firstAsync, handWrittenName, type PeerName, rawName, stageName } from './names.ts'
import { openPeer } from './peers.ts'
import { openRoom, type Room } from './postgres-rooms.ts'
import type { Measured } from './results.ts'
import { countRoundTrips, type RoundTrips, roundTripsOf } from './round-trips.ts'
import { prove, WrongResultError } from './workloads.ts'

// One process of many: measures one contender beside the raw driver, and prints what it found as JSON.

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: '' },
    seconds: { type: 'string', default: '3' },
    /** The address of a PostgreSQL; without it the databases are SQLite's. */
    server: { type: 'string' },
    /** Only loads so many rows, alone. */
    rows: { type: 'string' },
  },
})

try {
  process.stdout.write(JSON.stringify(await found()))
} catch (error) {
  if (!(error instanceof WrongResultError)) throw error
  process.stdout.write(JSON.stringify({ refused: error.message }))
}
// Some peers keep a timer or a pool that would hold the process.
process.stdout.write('\n', () => process.exit())

async function found(): Promise<unknown> {
  const contender = await contenderNamed(values.name)
  if (values.rows) return growthOf(contender, Number(values.rows))
  return values.server ? onPostgres(contender, values.server) : onSqlite(contender)
}

async function onSqlite(contender: Contender): Promise<Measured> {
  const works: Work[] = []
  for (const one of [raw, contender]) {
    const work = await one.sqlite(sqliteSeed(undefined, one.storedAs))
    await prove(one, work, one.converts)
    works.push(work)
  }
  const seconds = Number(values.seconds)
  const [ofRaw = {}, own = {}] = await measure(works, { seconds, clock: 'processor' })
  const [rawBytes, bytes] = [await bytesPerObject(works[0]!), await bytesPerObject(works[1]!)]
  return { raw: ofRaw, own, rawBytes, bytes }
}

async function onPostgres(contender: Contender, server: string): Promise<Measured> {
  const open = contender.postgres
  if (!open) throw new Error(`${contender.name} does not work on PostgreSQL.`)
  const rooms = [await openRoom(server, 'raw'), await openRoom(server, 'own')] as const
  const entrants = [
    { ...contender, ...rawPg, room: rooms[0] },
    { ...contender, postgres: open, room: rooms[1] },
  ] as const
  const works: Work[] = []
  try {
    for (const one of entrants) {
      const work = { ...(await one.postgres(one.room.url)), run: one.room.run }
      works.push(work)
      await prove(one, work, true)
    }
    const seconds = Number(values.seconds)
    const [ofRaw = {}, own = {}] = await measure(works, { seconds, clock: 'wall' })
    const [rawBytes, bytes] = [await bytesPerObject(works[0]!), await bytesPerObject(works[1]!)]
    const [rawTrips, roundTrips] = [await tripsOf(entrants[0]), await tripsOf(entrants[1])]
    return { raw: ofRaw, own, rawBytes, bytes, rawTrips, roundTrips }
  } finally {
    for (const work of works) await work.close()
    for (const room of rooms) await room.close()
  }
}

interface Entrant {
  readonly room: Room
  postgres(url: string): Promise<RemoteWork>
}

/** On a connection of its own, by way of the counter. */
async function tripsOf({ postgres, room }: Entrant): Promise<RoundTrips> {
  await using counter = await countRoundTrips(room.url)
  const work = { ...(await postgres(counter.url)), run: room.run }
  await work.find(1) // What it says when it connects is no part of the work.
  const counted = await roundTripsOf(work, counter)
  await work.close()
  return counted
}

function contenderNamed(name: string): Contender | Promise<Contender> {
  if (name === rawName) return raw
  if (name === handWrittenName) return handWritten
  const stage = stages.find(({ number }) => stageName(number) === name)
  return stage ? stageOf(stage) : openPeer(name as PeerName)
}

function stageOf(stage: Stage): Contender {
  if (stage.number === '04') return recordStage(stage)
  return stage.number < firstAsync ? sessionStage(stage) : asyncStage(stage)
}
