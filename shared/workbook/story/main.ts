import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PostgresStartError, startPostgres } from '../../driver/embedded-postgres.ts'
import { paint } from '../paint.ts'
import { root } from '../root.ts'
import { type Stage, stages } from '../stages.ts'
import { stalePages } from './pages.ts'
import { overview, stageView } from './show.ts'
import { firstOnPostgres } from './stands.ts'
import { othersThanFirst, type Told, tell } from './tell.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    write: { type: 'boolean' },
    check: { type: 'boolean' },
  },
})

const chosen = stages.filter(
  ({ number }) => positionals.length === 0 || positionals.includes(number),
)
const told = await tellAll(chosen)
if (values.json) writeFileSync(values.json, `${JSON.stringify(told, null, 2)}\n`)
if (values.check) process.exitCode = check()
else if (values.write) write()
else show()

/** One after the other, and all in the same words. */
async function tellAll(stages: readonly Stage[]): Promise<Told[]> {
  const needsServer = stages.some(({ number }) => number >= firstOnPostgres)
  const server = needsServer ? await startPostgres().catch(giveUp) : undefined
  try {
    const told: Told[] = []
    for (const stage of stages) told.push(await tell(stage, server?.url))
    const others = othersThanFirst(told)
    if (others.length > 0) throw new Error(`These stages tell another story: ${others.join(', ')}.`)
    return told
  } finally {
    await server?.stop()
  }
}

/** What somebody at the terminal can mend is said without a stack. */
function giveUp(error: unknown): never {
  if (!(error instanceof PostgresStartError)) throw error
  console.error(error.message)
  process.exit(1)
}

function show(): void {
  const views = positionals.length > 0 ? told.map((one) => stageView(one, paint)) : undefined
  for (const view of views ?? [overview(told, paint)]) console.log(view)
}

function write(): void {
  const stale = stalePages(root, told)
  for (const { file, text } of stale) {
    writeFileSync(join(root, file), text)
    console.log(`${file}: written anew`)
  }
  if (stale.length === 0) console.log('Nothing to do.')
}

function check(): number {
  const stale = stalePages(root, told)
  for (const { file } of stale) console.log(`${file} does not show what the run gives.`)
  return stale.length > 0 ? 1 : 0
}
