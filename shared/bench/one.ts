import { startPostgres } from '../driver/embedded-postgres.ts'
import { type Stage, stages } from '../workbook/stages.ts'
import type { Contender } from './contender.ts'
import { asyncStage, postgresStage } from './contenders/async-stage.ts'
import { handWritten } from './contenders/hand-written.ts'
import { raw } from './contenders/raw.ts'
import { rawPg } from './contenders/raw-pg.ts'
import { recordStage } from './contenders/record-stage.ts'
import { sessionStage } from './contenders/session-stage.ts'
import { measure } from './measure.ts'
import { firstAsync, onPostgres, type PeerName } from './names.ts'
import { openPeer } from './peers.ts'
import { compare, type Line } from './table.ts'

// Measures one contender beside the raw driver, and prints the two lines as JSON; null when it is not installed.

const [name = '', rounds = '11'] = process.argv.slice(2)
const lines = name.endsWith(onPostgres) ? await measureOnPostgres() : await measureOnSqlite()
process.stdout.write(JSON.stringify(lines))

async function measureOnSqlite(): Promise<Line[] | null> {
  const contender = await contenderNamed(name)
  return contender ? compare(await measure([raw, contender], Number(rounds), 'processor')) : null
}

async function measureOnPostgres(): Promise<Line[]> {
  const server = await startPostgres()
  try {
    const stage = stageNamed(name.slice(0, -onPostgres.length))!
    const contenders = [rawPg(server.url), postgresStage(stage, server.url)]
    return compare(await measure(contenders, Number(rounds), 'wall'))
  } finally {
    await server.stop()
  }
}

async function contenderNamed(text: string): Promise<Contender | undefined> {
  if (text === 'hand-written') return handWritten
  const stage = stageNamed(text)
  if (!stage) return openPeer(text as PeerName)
  if (stage.number === '04') return recordStage(stage)
  return stage.number < firstAsync ? sessionStage(stage) : asyncStage(stage)
}

function stageNamed(text: string): Stage | undefined {
  return stages.find(({ number }) => number === text)
}
