/** What neither the ORM nor the driver knows, done with the client of pg itself: node --import tsx 09-async/escape-hatches.ts */

import type { AsyncDatabase } from '#shared/driver/async-driver'
import { startPostgres } from '#shared/driver/embedded-postgres'
import { clientOf, openPostgres } from '#shared/driver/postgres'
import { copyFrom } from '#shared/driver/postgres-copy'

const tables = `
  DROP SCHEMA IF EXISTS orm_workbook_hatches CASCADE;
  CREATE SCHEMA orm_workbook_hatches;
  CREATE TABLE orm_workbook_hatches.readings (id INTEGER PRIMARY KEY, celsius FLOAT8 NOT NULL)`

const server = await startPostgres()
try {
  await using database = openPostgres(server.url)
  await using connection = await database.connect()
  await connection.exec(tables)
  await copyMany(database)
  await listenToOthers(database)
  await connection.exec('DROP SCHEMA orm_workbook_hatches CASCADE')
} finally {
  await server.stop()
}

/** COPY is how PostgreSQL takes in large amounts. The rows come one after the other: the memory never holds all of them. */
async function copyMany(database: AsyncDatabase): Promise<void> {
  await using connection = await database.connect()
  const client = clientOf(connection)
  const count = await copyFrom(client, 'orm_workbook_hatches.readings (id, celsius)', readings())
  console.log(`COPY has stored ${count} rows`)
}

function* readings(): Generator<[number, number]> {
  for (let id = 1; id <= 100_000; id++) yield [id, 20 + Math.sin(id / 1000)]
}

/** One connection listens as long as it is lent, and others tell it something. What a transaction tells is heard when it commits. */
async function listenToOthers(database: AsyncDatabase): Promise<void> {
  await using listening = await database.connect()
  const client = clientOf(listening)
  client.on('notification', ({ channel, payload }) => console.log(`${channel}: ${payload}`))
  await client.query('LISTEN readings')

  await using writing = await database.connect()
  for (const end of ['ROLLBACK', 'COMMIT']) {
    await writing.run('BEGIN')
    await writing.run("SELECT pg_notify('readings', $1)", [`sent before ${end}`])
    await writing.run(end)
  }
  // What was notified before comes before the next answer.
  await client.query('SELECT 1')
}
