import { judge, type Place } from '../../workbook/conformance/case.ts'
import { cases } from '../../workbook/conformance/cases.ts'
import { type Ground, postgresGround, sqliteGround } from '../../workbook/conformance/databases.ts'
import { openPeer, versionsOf } from './peers.ts'
import { tell } from './tell.ts'

// Runs cases on one ORM and one database. Prints a line of JSON for each, so that what has ended is known when the next one crashes.

const [name = '', database = '', server = '', ids = ''] = process.argv.slice(2)
const peer = await openPeer(name)
if (!peer?.databases.includes(database as Place['database'])) print({ missing: true })
else {
  print({ versions: versionsOf(peer) })
  const ground = database === 'postgres' ? await postgresGround(server) : undefined
  for (const one of cases.filter(({ id }) => ids.split(',').includes(id))) {
    print({ begins: one.id })
    const fresh = ground ?? (await sqliteGround())
    print({ id: one.id, ...(await run(one, fresh)) })
    await (ground ? ground.empty() : fresh.close())
  }
  await ground?.close()
}
// Some keep timers and sockets.
process.exit(0)

async function run(one: (typeof cases)[number], ground: Ground) {
  const where = { database: ground.name, address: ground.address, ground }
  const subject = await peer!.open(where)
  const outcome = await judge(one, { database: ground.name, sql: ground.sql }, subject)
  await subject.close().catch(() => {})
  return tell(outcome)
}

function print(line: object): void {
  process.stdout.write(`\n@${JSON.stringify(line)}\n`)
}
