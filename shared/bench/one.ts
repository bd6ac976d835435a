import { stages } from '../workbook/stages.ts'
import type { Contender } from './contender.ts'
import { handWritten } from './contenders/hand-written.ts'
import { raw } from './contenders/raw.ts'
import { recordStage } from './contenders/record-stage.ts'
import { sessionStage } from './contenders/session-stage.ts'
import { measure } from './measure.ts'
import type { PeerName } from './peer-names.ts'
import { openPeer } from './peers.ts'
import { compare } from './table.ts'

// Measures one contender beside the raw driver, and prints the two lines as JSON; null when it is not installed.

const [name = '', rounds = '11'] = process.argv.slice(2)
const contender = await contenderNamed(name)
const lines = contender ? compare(await measure([raw, contender], Number(rounds))) : null
process.stdout.write(JSON.stringify(lines))

async function contenderNamed(text: string): Promise<Contender | undefined> {
  if (text === 'hand-written') return handWritten
  const stage = stages.find(({ number }) => number === text)
  if (!stage) return openPeer(text as PeerName)
  return stage.number === '04' ? recordStage(stage) : sessionStage(stage)
}
