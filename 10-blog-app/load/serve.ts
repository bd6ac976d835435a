/** The server of the load, in a process of its own: `serve.ts blog|raw DATABASE`, a file of SQLite or the address of a PostgreSQL. */

import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { openPostgres } from '#shared/driver/postgres'
import { openSqliteAsync } from '#shared/driver/sqlite-async'
import { createApp, serve } from '#stage/10-blog-app'
import { createRawApp } from './raw.ts'

const [kind, where = ''] = process.argv.slice(2)
const secret = process.env.JWT_SECRET!

const { url } = await serve(createServer(), 0)
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

function createServer(): Parameters<typeof serve>[0] {
  if (kind === 'raw') return createRawApp(openPool(), secret) as never
  const database = where.startsWith('postgres') ? openPostgres(where) : openSqliteAsync(where)
  return createApp({ database, secret })
}

function openPool(): pg.Pool {
  return new pg.Pool({ connectionString: where, max: 10 }).on('error', () => {})
}
