/** A program of its own, so that nothing else is in its memory: it reads many rows, and says how much memory that took. */

import { AsyncSession, entity, Registry, t } from '#stage/09-async'
import type { AsyncDatabase } from '../../driver/async-driver.ts'
import { openPostgres } from '../../driver/postgres.ts'
import { openSqliteAsync } from '../../driver/sqlite-async.ts'

const [way, count = '', url] = process.argv.slice(2)
const gc = globalThis.gc!

await using database = url ? openPostgres(url) : openSqliteAsync()
console.log(JSON.stringify(await (way === 'objects' ? readObjects(database) : readRows(database))))

interface Reading {
  rows: number
  sum: number
  parts: number
  /** The memory in use above what it was before, at each tenth of the way. */
  readonly megabytes: number[]
}

/** The megabytes that are in use when everything is collected that nobody needs. What is let go of in this turn is collected in the next. */
async function megabytesInUse(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve))
  gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}

async function measure<T>(parts: AsyncIterable<readonly T[]>, numberOf: (row: T) => number) {
  const reading: Reading = { rows: 0, sum: 0, parts: 0, megabytes: [] }
  const before = await megabytesInUse()
  for await (const part of parts) {
    for (const row of part) reading.sum += numberOf(row)
    reading.rows += part.length
    reading.parts += 1
    if (reading.rows % (Number(count) / 10) === 0)
      reading.megabytes.push((await megabytesInUse()) - before)
  }
  return reading
}

/** Rows that the database makes while it is asked. */
async function readRows(database: AsyncDatabase): Promise<Reading> {
  await using connection = await database.connect()
  const sql = `SELECT n, 'a text of some length, of which each row has another one: ' || n FROM ${numbers(database)}`
  return await measure(connection.stream(sql, [], 1000), ([n]) => Number(n))
}

/** Rows of a table, as objects of a session that keeps only those that the program holds. */
async function readObjects(database: AsyncDatabase): Promise<Reading> {
  class Line extends entity(
    'lines',
    { id: t.integer().primaryKey(), text: t.text() },
    { registry: new Registry() },
  ) {}
  await using connection = await database.connect()
  await connection.exec(`
    DROP TABLE IF EXISTS lines;
    CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
    INSERT INTO lines SELECT n, 'a text of some length, of which each row has another one: ' || n FROM ${numbers(database)};`)
  await connection.release()
  await using session = new AsyncSession(database, { identity: 'weak' })
  return await measure(session.query(Line).inBatches(1000), ({ id }) => id)
}

function numbers({ dialect }: AsyncDatabase): string {
  return dialect.name === 'postgres'
    ? `generate_series(1, ${count}) AS n`
    : `(WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count}) SELECT n FROM counted)`
}
