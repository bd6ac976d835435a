/** What stage 08 feels like on a server, and what await alone does to it: node --import tsx 09-async/pain.ts */

import { setTimeout as wait } from 'node:timers/promises'
import type { AsyncConnection, AsyncDatabase } from '#shared/driver/async-driver'
import { startPostgres } from '#shared/driver/embedded-postgres'
import { openPostgres } from '#shared/driver/postgres'
import { openPostgresSync } from '#shared/driver/postgres-sync'

const accounts = `
  DROP SCHEMA IF EXISTS orm_workbook_pain CASCADE;
  CREATE SCHEMA orm_workbook_pain;
  CREATE TABLE orm_workbook_pain.accounts (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL);
  INSERT INTO orm_workbook_pain.accounts VALUES (1, 1000), (2, 1000);
  SET search_path TO orm_workbook_pain`

const server = await startPostgres()
try {
  await oneThread(server.url)
  await using database = openPostgres(server.url)
  await using connection = await database.connect()
  await connection.exec(accounts)
  await forgottenAwait(connection)
  await oneConnection(connection)
  await twoReaders(database)
  await connection.exec('DROP SCHEMA orm_workbook_pain CASCADE')
} finally {
  await server.stop()
}

/** Eight visitors ask at the same time. The database needs 50 milliseconds for each, and could answer all of them at once. */
async function oneThread(url: string): Promise<void> {
  title('1. The ORM of stage 08 waits for a server')
  const connection = openPostgresSync(url)
  const stopped = await measure(async () => {
    for (let visitor = 1; visitor <= 8; visitor++) connection.get('SELECT pg_sleep(0.05)')
  })
  connection.close()
  say(`8 visitors, 50 ms each: the last one waited for ${stopped.milliseconds} ms`)
  say(`a timer that should run each millisecond ran ${stopped.ticks} times meanwhile`)

  title('2. The same, awaited')
  await using database = openPostgres(url, { max: 8 })
  await Promise.all(Array.from({ length: 8 }, () => database.values('SELECT 1')))
  const awaited = await measure(() =>
    Promise.all(Array.from({ length: 8 }, () => database.values('SELECT pg_sleep(0.05)'))),
  )
  say(`8 visitors, 50 ms each: the last one waited for ${awaited.milliseconds} ms`)
  say(`a timer that should run each millisecond ran ${awaited.ticks} times meanwhile`)
}

async function measure(work: () => Promise<unknown>) {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, 1)
  const start = performance.now()
  await work()
  clearInterval(timer)
  return { ticks, milliseconds: Math.round(performance.now() - start) }
}

async function forgottenAwait(connection: AsyncConnection): Promise<void> {
  title('3. So write await. And where one is forgotten?')
  const found = connection.all('SELECT * FROM accounts') as any
  say(`there are ${found.length} accounts`)
  await found
}

/** Alice moves 1.00 from one account to the other. Meanwhile Bob tries something that fails, and takes it back. */
async function oneConnection(connection: AsyncConnection): Promise<void> {
  title('4. Two requests share a connection, because it stands in a variable')
  const alice = async () => {
    await connection.run('BEGIN')
    await connection.run('UPDATE accounts SET cents = cents - 100 WHERE id = 1')
    await wait(20)
    await connection.run('UPDATE accounts SET cents = cents + 100 WHERE id = 2')
    await connection.run('COMMIT')
  }
  const bob = async () => {
    await wait(10)
    await connection.run('BEGIN')
    await connection.run('ROLLBACK')
  }
  await Promise.all([alice(), bob()])
  say(`together they had 2000, now they have ${await sum(connection)}`)
}

/** Two withdrawals at the same moment, each right by itself. */
async function twoReaders(database: AsyncDatabase): Promise<void> {
  title('5. And where each has a connection of its own, they meet in the rows')
  const table = 'orm_workbook_pain.accounts'
  await database.run(`UPDATE ${table} SET cents = 1000`)
  const read = async () => {
    const [[cents] = []] = await database.values(`SELECT cents FROM ${table} WHERE id = 1`)
    return Number(cents)
  }
  const write = (cents: number) =>
    database.run(`UPDATE ${table} SET cents = $1 WHERE id = 1`, [cents])
  const [alice, bob] = await Promise.all([read(), read()])
  await Promise.all([write(alice - 100), write(bob - 100)])
  say(`1000, twice 100 withdrawn: ${await read()}`)
}

async function sum(connection: AsyncConnection): Promise<unknown> {
  const [[cents] = []] = await connection.values('SELECT SUM(cents) FROM accounts')
  return cents
}

function title(text: string): void {
  console.log(`\n${text}`)
}

function say(text: string): void {
  console.log(`  ${text}`)
}
