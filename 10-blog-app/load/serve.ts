/** The server of the load, in a process of its own: `serve.ts blog|joined|steps DATABASE`, a file of SQLite or the address of a PostgreSQL. */

import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { AsyncDatabase } from '#shared/driver/async-driver'
import { openPostgres } from '#shared/driver/postgres'
import { createApp, openDatabase, serve } from '#stage/10-blog-app'
import { joined } from './joined.ts'
import { createRawApp } from './raw.ts'
import { stepByStep } from './step-by-step.ts'

const [kind, where = ''] = process.argv.slice(2)
const secret = process.env.JWT_SECRET!

const { url } = await serve(await createServer(), 0)
process.send!({ url })

/** What this process takes of the machine; for `kept` the garbage is collected first. */
process.on('message', async (question: 'usage' | 'kept') => {
  // What the last answers leave behind goes only when they are out.
  if (question === 'kept') for (const _ of [1, 2]) await wait(100).then(() => globalThis.gc!())
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  process.send!({ rss, heapUsed, cpu: (user + system) / 1000 })
})
process.once('disconnect', () => process.exit())

async function createServer(): Promise<Parameters<typeof serve>[0]> {
  const reading = { joined, steps: stepByStep }[kind ?? '']
  if (reading) return createRawApp(openPool(), secret, reading) as never
  return createApp({ database: await openBlog(), secret })
}

/** As the demo opens it. */
async function openBlog(): Promise<AsyncDatabase> {
  if (where.startsWith('postgres')) return openPostgres(where)
  return (await openDatabase({ usePostgres: false, url: undefined, file: where })).database
}

function openPool(): pg.Pool {
  return new pg.Pool({ connectionString: where, max: 10 }).on('error', () => {})
}
